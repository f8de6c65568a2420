using System.Net;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Remote;

/// <summary>A user of the test's own, whose consent a realm's remote server is asked for: somebody else's program over somebody else's JOSE library.</summary>
public abstract class RemoteConsentScenario(ConsentServiceFixture fixture, RemoteConsentServer remote) : IDisposable
{
    protected const string Continue = "http://127.0.0.1:8080/realms/demo/oauth2/authorize/continue?x=1&consent_challenge=";

    protected string User { get; } = Guid.CreateVersion7().ToString();

    private protected Browser Browser { get; } = new(fixture.Service.HttpAddress);

    protected ConsentServiceFixture Fixture => fixture;

    private protected ConsentReplica Service => fixture.Service;

    protected string Suite => $"{Service.HttpAddress}/realms/demo/consent";

    public void Dispose()
    {
        Browser.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Task UseAsync(string behaviour, string keys = "jwks-ec", TimeSpan? lifetime = null) => fixture.ChangeAsync(Payer, new Realm
    {
        RealmId = "demo",
        AuthorizationDetailsTypes = [new() { Type = "payment", Audience = ConsentRealm.Api, Schema = """{"type":"object","properties":{"amount":{"type":"integer"}}}""" }],
        ConsentSettings = new()
        {
            Remote = new()
            {
                AuthorizationUri = $"{remote.Address}/consent?suite={Uri.EscapeDataString(Suite)}&{behaviour}",
                Issuer = "urn:remote-consent",
                JwksUri = $"{remote.Address}/{keys}",
                RequestLifetime = lifetime ?? TimeSpan.FromSeconds(1800),
            },
        },
    });

    private static Client Payer => ConsentRealm.Web("demo", "payer") with { AuthorizationDetailsTypes = ["payment"] };

    protected Task<string> StartAsync(string clientId, string language, params string[] scopes) => StartAsync(clientId, language, details: null, scopes);

    protected async Task<string> StartAsync(string clientId, string language, string? details, string[] scopes)
    {
        await fixture.AddUserAsync(User);
        var request = Request(User, clientId, scopes);
        request.AuthorizationDetails = details ?? "";
        request.UiLocales.Add(language);
        return (await Service.StartAsync(request)).Challenge;
    }

    /// <summary>The browser at our page is sent to the server, which answers this.</summary>
    protected async Task<HttpResponseMessage> AskAsync(string challenge)
    {
        using var page = await Browser.PageAsync($"{Suite}/{challenge}");
        Assert.Equal(HttpStatusCode.SeeOther, page.StatusCode);
        var response = await Browser.PageAsync(page.Headers.Location!.OriginalString);
        Assert.True((int)response.StatusCode < 400, await response.Content.ReadAsStringAsync());
        return response;
    }

    /// <summary>All the way to what our callback answers.</summary>
    protected async Task<HttpResponseMessage> AnswerAsync(string challenge)
    {
        using var response = await AskAsync(challenge);
        if (response.Headers.Location is { } callback)
        {
            return await Browser.PageAsync(callback.OriginalString);
        }

        var form = await response.Content.ReadAsStringAsync();
        return await Browser.PostFormAsync($"{Suite}/{challenge}/answer", ("response", Browser.Hidden(form, "response")));
    }

    protected async Task<IEnumerable<string>> RecordedAsync() =>
        (await Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = User }, ConsentReplica.Operator))
            .Consents.Select(c => $"{c.Scope}:{c.Decision}:{c.Method}");
}
