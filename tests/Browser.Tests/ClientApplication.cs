using System.Net;
using Consent.Tests.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Common.Errors;

namespace Browser.Tests;

/// <summary>
/// Stands in for the token service, where the browser comes back to, and for the client, where it is sent on to: two addresses, so that a
/// decision's redirects cross origins as they do in life.
/// </summary>
internal sealed class ClientApplication : IAsyncDisposable
{
    private readonly WebApplication _tokenService;
    private readonly WebApplication _client;

    private ClientApplication(WebApplication tokenService, WebApplication client)
    {
        _tokenService = tokenService;
        _client = client;
    }

    public string ReturnUri => $"{_tokenService.Urls.Single()}/continue";

    public string VisitReturnUri(string userId) => $"{_tokenService.Urls.Single()}/visited?user={userId}";

    public string RedirectUri => $"{_client.Urls.Single()}/callback";

    public static async Task<ClientApplication> StartAsync(ConsentReplica service)
    {
        var tokenService = Listener();
        var client = Listener();
        client.MapGet("/callback", (HttpRequest request) => Results.Content(
            $"<!DOCTYPE html><title>Client</title><p id=\"outcome\">{WebUtility.HtmlEncode(request.Query["outcome"].ToString())}</p>", "text/html"));
        await client.StartAsync();
        tokenService.MapGet("/continue", async (HttpRequest request) =>
        {
            var outcome = await OutcomeAsync(service, request.Query["consent_challenge"].ToString());
            return Results.Redirect($"{client.Urls.Single()}/callback?outcome={Uri.EscapeDataString(outcome)}");
        });
        tokenService.MapGet("/visited", async (HttpRequest request) => Results.Redirect(
            await service.OpenVisitAsync(request.Query["user"].ToString(), request.Query["account_visit"].ToString())));
        await tokenService.StartAsync();
        return new ClientApplication(tokenService, client);
    }

    public async ValueTask DisposeAsync()
    {
        await _tokenService.StopAsync();
        await _client.StopAsync();
        await _tokenService.DisposeAsync();
        await _client.DisposeAsync();
    }

    private static async Task<string> OutcomeAsync(ConsentReplica service, string challenge)
    {
        try
        {
            return string.Join(' ', (await service.FinishAsync(challenge)).Outcome.Scopes);
        }
        catch (RpcException refusal)
        {
            return RichStatus.ReasonOf(refusal) ?? "";
        }
    }

    private static WebApplication Listener()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return builder.Build();
    }
}
