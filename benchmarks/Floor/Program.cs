using System.Net;
using Benchmarks.Floor;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// Usage: Floor HTTP_PORT GRPC_PORT - two bare Kestrel listeners on 127.0.0.1, HTTP/1.1 and HTTP/2 without TLS.
if (args is not [var httpText, var grpcText] || !int.TryParse(httpText, out var http) || !int.TryParse(grpcText, out var grpc))
{
    Console.Error.WriteLine("usage: Floor HTTP_PORT GRPC_PORT");
    return 1;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, http, listen => listen.Protocols = HttpProtocols.Http1);
    kestrel.Listen(IPAddress.Loopback, grpc, listen => listen.Protocols = HttpProtocols.Http2);
});
builder.Services.AddGrpc();
var app = builder.Build();
using var forms = new FormEndpoints();
app.MapPost("/plain", (RequestDelegate)FormEndpoints.AnswerAsync);
app.MapPost("/sign", (RequestDelegate)forms.SignAsync);
app.MapPost("/verify", (RequestDelegate)forms.VerifyAndSignAsync);
app.MapGrpcService<FloorGrpcService>();
app.Run();
return 0;
