using System.Text.Json;
using Grpc.Core;
using Pltfrms.Iam.Consent.V1;
using Testing;

namespace Suite.Tests;

/// <summary>A user of the demo realm who gives access to demo-web.</summary>
/// <param name="userId">The user.</param>
/// <param name="issuing">The token service that browsers and clients use.</param>
/// <param name="consents">Where the user answers.</param>
/// <param name="caller">Who may bring the answer.</param>
internal sealed class DemoUser(string userId, string issuing, ConsentService.ConsentServiceClient consents, Metadata caller)
{
    private const string Callback = "http://127.0.0.1:8765/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /// <summary>Logs in, grants all that is asked, remembers it, and redeems the code for an access token.</summary>
    public async Task<string> AuthorizeAsync(string scope)
    {
        using var browser = new TestBrowser(new Uri(issuing));
        var asked = await LogInAsync(browser, scope);
        var decision = new SubmitDecisionRequest
        {
            RealmId = "demo",
            Challenge = new Uri(asked.Location!).AbsolutePath.Split('/')[^1],
            UserId = userId,
            Accepted = true,
            GrantedScopes = { scope.Split(' ') },
            Remember = true,
        };
        var decided = await consents.SubmitDecisionAsync(decision, caller);
        var answered = await browser.GetAsync(decided.RedirectTo);
        return (await RedeemAsync(answered.Parameter("code")!)).GetProperty("access_token").GetString()!;
    }

    /// <summary>To the consent page, or to the callback where there is nothing to ask.</summary>
    public async Task<TestBrowser.Page> LogInAsync(TestBrowser browser, string scope)
    {
        var login = await browser.GetAsync(
            $"/realms/demo/oauth2/authorize?response_type=code&client_id=demo-web&redirect_uri={Uri.EscapeDataString(Callback)}"
            + $"&scope={Uri.EscapeDataString(scope)}&state=xyz&code_challenge={Challenge}&code_challenge_method=S256");
        return await browser.FollowAsync(
            await browser.PostAsync("/realms/demo/oauth2/authorize/login", ("request", login.Hidden("request")), ("username", userId)));
    }

    public async Task<JsonElement> RedeemAsync(string code)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri($"{issuing}/realms/demo/oauth2/token"),
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = Callback,
                ["code_verifier"] = Verifier,
                ["client_id"] = "demo-web",
                ["client_secret"] = "demo-web-secret-0123456789abcdefgh",
            }));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.Clone();
    }
}
