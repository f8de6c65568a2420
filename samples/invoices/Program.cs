using System.Security.Claims;
using Invoices;
using Pltfrms.Iam.Client.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddPltfrmsIam();
builder.Services.AddHealthChecks().AddPltfrmsIam();
builder.Services.AddGrpc().AddPltfrmsIam();

var app = builder.Build();
app.MapHealthChecks("/health");
app.MapProtectedResourceMetadata();
app.MapGrpcService<InvoiceGrpcService>();
app.MapGet("/organizations/{organizationId}/invoices", (string organizationId, ClaimsPrincipal user) =>
    new { organizationId, caller = user.GetSubject(), actors = user.GetActors().Select(actor => actor.Subject) }).RequirePermission("invoices.read");
app.MapPost("/organizations/{organizationId}/invoices/approval", () => Results.NoContent()).RequirePermission("invoices.approve").RequireAcr("mfa", "phr");
app.Run();
