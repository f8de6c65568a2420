using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pltfrms.Iam.Client;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddPltfrmsIam(options =>
{
    options.Address = new Uri("http://127.0.0.1:9080");
    options.RealmId = "demo";
    options.ClientId = "demo-api";
    options.ClientSecret = "demo-api-secret-0123456789abcdefgh";
});
using var host = builder.Build();
var tokens = host.Services.GetRequiredService<IamTokens>();
var iam = host.Services.GetRequiredService<IamClient>();

try
{
    // A token of this application's own; asked for once, kept, and renewed before it expires.
    var own = await tokens.GetAsync(new TokenRequest("iam.tokens.introspect", "iam.permissions.check"), CancellationToken.None);
    Console.WriteLine($"own token: {string.Join(' ', own.Scopes)}");

    // A caller's token, as it came in; the first argument, or here our own.
    var presented = args is [var argument, ..] ? argument : own.Value;
    var token = await iam.IntrospectAsync(presented, CancellationToken.None);
    Console.WriteLine($"introspection: active={token.Active} client={token.ClientId} organization={token.OrganizationId ?? "-"}");

    // What a user may do; PermissionSubject.AccessToken(presented) asks for the bearer of a token instead.
    foreach (var organization in new[] { "acme", "acme-retail", "globex" })
    {
        var decision = await iam.CheckPermissionAsync(
            new PermissionCheck
            {
                Subject = args.Length > 0 ? PermissionSubject.AccessToken(presented) : PermissionSubject.User("alice"),
                Permission = "invoices.create",
                OrganizationId = organization,
            },
            CancellationToken.None);
        Console.WriteLine($"invoices.create in {organization}: {(decision.Allowed ? "allowed" : "denied")} ({decision.Reason})");
    }
    return 0;
}
catch (IamClientException fault)
{
    // No answer is not a denial: IamUnavailableException says that nobody could decide.
    Console.Error.WriteLine(fault.Message);
    return 1;
}
