using System.Net;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Remote;

/// <summary>A realm's remote consent server, which is somebody else's program over somebody else's JOSE library, asked and answering.</summary>
public sealed class RemoteConsentTests(ConsentServiceFixture fixture, RemoteConsentServer remote)
    : IClassFixture<ConsentServiceFixture>, IClassFixture<RemoteConsentServer>, IDisposable
{
    private const string Continue = "http://127.0.0.1:8080/realms/demo/oauth2/authorize/continue?x=1&consent_challenge=";

    private const string Payments = """[{"type":"payment","amount":1},{"type":"payment","amount":2}]""";

    private readonly string _user = Guid.CreateVersion7().ToString();
    private readonly Browser _browser = new(fixture.Service.HttpAddress);

    private ConsentReplica Service => fixture.Service;

    private string Suite => $"{Service.HttpAddress}/realms/demo/consent";

    public void Dispose() => _browser.Dispose();

    [NodeTheory]
    [InlineData("ec", "ECDH-ES")]
    [InlineData("rsa", "RSA-OAEP-256")]
    public async Task The_request_is_signed_and_encrypted_and_holds_what_is_asked(string kind, string algorithm)
    {
        await UseAsync("show=true", $"jwks-{kind}");
        var challenge = await StartAsync("strict", "de", "invoices.read", "invoices.create");

        using var response = await AskAsync(challenge);

        var shown = await Browser.ReadJsonAsync(response);
        var (header, inner, asked) = (shown.GetProperty("header"), shown.GetProperty("inner"), shown.GetProperty("asked"));
        Assert.Equal((algorithm, "A256GCM", "JWT"), (header.GetProperty("alg").GetString(), header.GetProperty("enc").GetString(), header.GetProperty("cty").GetString()));
        Assert.Equal(("ES256", "consent-request+jwt"), (inner.GetProperty("alg").GetString(), inner.GetProperty("typ").GetString()));
        Assert.Equal(
            ["iss", "aud", "sub", "client_id", "organization_id", "scopes", "required_scopes", "nonce", "callback", "ui_locales", "iat", "exp", "jti"],
            asked.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal((Suite, "urn:remote-consent", _user, "strict"), (Text("iss"), Text("aud"), Text("sub"), Text("client_id")));
        Assert.Equal($"{Suite}/{challenge}/answer", Text("callback"));
        Assert.Equal("""["invoices.read","invoices.create"]""", asked.GetProperty("scopes").GetRawText());
        Assert.Equal("""["invoices.read"]""", asked.GetProperty("required_scopes").GetRawText());
        Assert.Equal("""["de"]""", asked.GetProperty("ui_locales").GetRawText());
        Assert.Equal(43, Text("nonce").Length);
        // The realm gives the user ten minutes, which is less than the server would have.
        Assert.Equal((fixture.Clock.GetUtcNow().ToUnixTimeSeconds(), 600), (asked.GetProperty("iat").GetInt64(), asked.GetProperty("exp").GetInt64() - asked.GetProperty("iat").GetInt64()));

        string Text(string name) => asked.GetProperty(name).GetString()!;
    }

    [NodeFact]
    public async Task It_has_at_most_half_an_hour_and_at_most_what_the_realm_gives_it()
    {
        await UseAsync("show=true", "jwks-ec", TimeSpan.FromSeconds(90));
        var challenge = await StartAsync("web", "en", "invoices.read");

        using var response = await AskAsync(challenge);

        var asked = (await Browser.ReadJsonAsync(response)).GetProperty("asked");
        Assert.Equal(90, asked.GetProperty("exp").GetInt64() - asked.GetProperty("iat").GetInt64());
    }

    [NodeTheory]
    [InlineData("all of it", "grant=invoices.read invoices.create", "invoices.read invoices.create")]
    [InlineData("a part", "grant=invoices.create", "invoices.create")]
    [InlineData("what was not asked is left out", "grant=invoices.approve payments.refund invoices.create", "invoices.create")]
    [InlineData("encrypted with party information", "mode=party-info", "invoices.read invoices.create")]
    [InlineData("signed without a key id", "mode=no-key-id", "invoices.read invoices.create")]
    [InlineData("posted as a form", "response_mode=form_post", "invoices.read invoices.create")]
    public async Task What_it_grants_among_what_was_asked_is_granted(string which, string behaviour, string granted)
    {
        await UseAsync(behaviour);
        var challenge = await StartAsync("web", "en", "invoices.read", "invoices.create");

        using var answer = await AnswerAsync(challenge);

        Assert.Equal((HttpStatusCode.SeeOther, Continue + challenge), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.True(granted == string.Join(' ', (await Service.FinishAsync(challenge)).Outcome.Scopes), which);
        Assert.Empty(await RecordedAsync());
    }

    [NodeTheory]
    [InlineData("all of it", "", "invoices.read", "[{\"type\":\"payment\",\"amount\":1},{\"type\":\"payment\",\"amount\":2}]")]
    [InlineData("one object and no scope", "grant=&details=1", "", "[{\"type\":\"payment\",\"amount\":2}]")]
    [InlineData("what was not asked is left out", "details=0 7 x", "invoices.read", "[{\"type\":\"payment\",\"amount\":1}]")]
    [InlineData("a server that knows nothing of details grants none", "mode=no-details", "invoices.read", "")]
    [InlineData("objects in place of ids grant none", "mode=detail-objects", "invoices.read", "")]
    public async Task Authorization_details_are_asked_one_by_one_and_granted_by_their_ids(string which, string behaviour, string scopes, string details)
    {
        await UseAsync(behaviour);
        var challenge = await StartAsync("payer", "en", Payments, ["invoices.read"]);

        (await AnswerAsync(challenge)).Dispose();

        var outcome = (await Service.FinishAsync(challenge)).Outcome;
        Assert.True((scopes, details) == (string.Join(' ', outcome.Scopes), outcome.AuthorizationDetails), which);
    }

    [NodeFact]
    public async Task Each_authorization_detail_is_in_the_request_with_its_id()
    {
        await UseAsync("show=true");
        var challenge = await StartAsync("payer", "en", Payments, ["invoices.read"]);

        using var response = await AskAsync(challenge);

        var asked = (await Browser.ReadJsonAsync(response)).GetProperty("asked");
        Assert.Equal(
            """[{"detail_id":"0","authorization_detail":{"type":"payment","amount":1}},{"detail_id":"1","authorization_detail":{"type":"payment","amount":2}}]""",
            asked.GetProperty("details").GetRawText());
    }

    [NodeFact]
    public async Task What_it_says_to_remember_is_recorded_as_decided_there()
    {
        await UseAsync("grant=invoices.read&remember=true");
        var challenge = await StartAsync("web", "en", "invoices.read", "invoices.create");

        (await AnswerAsync(challenge)).Dispose();

        Assert.Equal(["invoices.create:Denied:remote", "invoices.read:Granted:remote"], await RecordedAsync());
    }

    [NodeTheory]
    [InlineData("grants nothing", "web", "grant=")]
    [InlineData("grants without what the client requires", "strict", "grant=invoices.create")]
    public async Task A_denial_ends_in_access_denied(string which, string clientId, string behaviour)
    {
        await UseAsync(behaviour);
        var challenge = await StartAsync(clientId, "en", "invoices.read", "invoices.create");

        using var answer = await AnswerAsync(challenge);

        Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, which);
        await RefusesAsync("ACCESS_DENIED", () => Service.FinishAsync(challenge));
    }

    [NodeTheory]
    [InlineData("wrong-nonce")]
    [InlineData("no-nonce")]
    [InlineData("wrong-audience")]
    [InlineData("many-audiences")]
    [InlineData("wrong-issuer")]
    [InlineData("wrong-subject")]
    [InlineData("expired")]
    [InlineData("future")]
    [InlineData("too-long")]
    [InlineData("no-expiry")]
    [InlineData("text-times")]
    [InlineData("no-scopes")]
    [InlineData("text-scopes")]
    [InlineData("alg-none")]
    [InlineData("unsigned")]
    [InlineData("hs256")]
    [InlineData("stranger")]
    [InlineData("unknown-key")]
    [InlineData("wrong-type")]
    [InlineData("critical")]
    [InlineData("tampered-claims")]
    [InlineData("tampered")]
    [InlineData("unencrypted")]
    [InlineData("other-realm")]
    [InlineData("wrong-encryption")]
    [InlineData("wrong-agreement")]
    [InlineData("garbage")]
    [InlineData("empty")]
    public async Task An_answer_that_cannot_be_believed_ends_in_invalid_request_and_nothing_is_recorded(string mode)
    {
        await UseAsync($"mode={mode}&remember=true");
        var challenge = await StartAsync("web", "en", "invoices.read");

        using var answer = await AnswerAsync(challenge);

        Assert.Equal((HttpStatusCode.SeeOther, Continue + challenge), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        await RefusesAsync("INVALID_REQUEST", () => Service.FinishAsync(challenge));
        Assert.Empty(await RecordedAsync());
    }

    [NodeFact]
    public async Task What_was_granted_before_is_not_granted_by_an_answer_that_cannot_be_believed()
    {
        await fixture.AddUserAsync(_user);
        await Service.GrantAsync(Request(_user, "web", "invoices.read"), "invoices.read");
        await UseAsync("mode=wrong-nonce");
        var challenge = await StartAsync("web", "en", "invoices.read", "invoices.create");

        (await AnswerAsync(challenge)).Dispose();

        await RefusesAsync("INVALID_REQUEST", () => Service.FinishAsync(challenge));
    }

    [NodeFact]
    public async Task An_answer_counts_once_and_for_its_own_question()
    {
        await UseAsync("grant=invoices.read");
        var first = await StartAsync("web", "en", "invoices.read");
        var second = await StartAsync("spa", "en", "invoices.read");
        using var sent = await AskAsync(first);
        var callback = sent.Headers.Location!.OriginalString;

        using var elsewhere = await _browser.PageAsync(callback.Replace(first, second, StringComparison.Ordinal));
        using var once = await _browser.PageAsync(callback);
        using var twice = await _browser.PageAsync(callback);

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther, HttpStatusCode.Conflict), (elsewhere.StatusCode, once.StatusCode, twice.StatusCode));
        Assert.Equal(["invoices.read"], (await Service.FinishAsync(first)).Outcome.Scopes);
        await RefusesAsync("INVALID_REQUEST", () => Service.FinishAsync(second));
    }

    [NodeFact]
    public async Task Users_of_the_realm_cannot_answer_past_it()
    {
        await UseAsync("");
        var challenge = await StartAsync("web", "en", "invoices.read");

        using var json = await _browser.JsonAsync($"{Suite}/{challenge}");
        using var decision = await _browser.PostJsonAsync($"{Suite}/{challenge}/decision", new { decision = "accept", scopes = new[] { "invoices.read" } });
        using var form = await _browser.PostFormAsync($"{Suite}/{challenge}/decision", ("decision", "accept"), ("scope", "invoices.read"));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (json.StatusCode, decision.StatusCode, form.StatusCode));
        await RefusesAsync("CHALLENGE_NOT_ANSWERED", () => Service.FinishAsync(challenge));
    }

    [NodeTheory]
    [InlineData("jwks-none")]
    [InlineData("jwks-off-curve")]
    [InlineData("jwks-redirect")]
    [InlineData("jwks-large")]
    [InlineData("jwks-slow")]
    [InlineData("jwks-text")]
    [InlineData("jwks-missing")]
    public async Task Without_its_keys_the_user_is_told_to_try_again_and_the_question_stays_open(string keys)
    {
        await UseAsync("", keys);
        var challenge = await StartAsync("web", "en", "invoices.read");

        using var page = await _browser.PageAsync($"{Suite}/{challenge}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("<h1>Not available at the moment</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await RefusesAsync("CHALLENGE_NOT_ANSWERED", () => Service.FinishAsync(challenge));
    }

    [NodeFact]
    public async Task Our_keys_are_of_one_realm_and_the_private_ones_are_not_among_them()
    {
        using var demo = await _browser.JsonAsync("/realms/demo/consent/jwks");
        using var other = await _browser.JsonAsync("/realms/other/consent/jwks");
        using var again = await _browser.JsonAsync("/realms/demo/consent/jwks");

        var keys = (await Browser.ReadJsonAsync(demo)).GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(["sig:ES256", "enc:ECDH-ES"], keys.Select(key => $"{key.GetProperty("use")}:{key.GetProperty("alg")}"));
        Assert.All(keys, key => Assert.Equal(["kty", "crv", "x", "y", "use", "alg", "kid"], key.EnumerateObject().Select(member => member.Name)));
        var json = await demo.Content.ReadAsStringAsync();
        Assert.Equal(json, await again.Content.ReadAsStringAsync());
        Assert.NotEqual(json, await other.Content.ReadAsStringAsync());
        Assert.Equal(2, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
    }

    private Task UseAsync(string behaviour, string keys = "jwks-ec", TimeSpan? lifetime = null) => fixture.ChangeAsync(Payer, new Realm
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

    private Task<string> StartAsync(string clientId, string language, params string[] scopes) => StartAsync(clientId, language, details: null, scopes);

    private async Task<string> StartAsync(string clientId, string language, string? details, string[] scopes)
    {
        await fixture.AddUserAsync(_user);
        var request = Request(_user, clientId, scopes);
        request.AuthorizationDetails = details ?? "";
        request.UiLocales.Add(language);
        return (await Service.StartAsync(request)).Challenge;
    }

    /// <summary>The browser at our page is sent to the server, which answers this.</summary>
    private async Task<HttpResponseMessage> AskAsync(string challenge)
    {
        using var page = await _browser.PageAsync($"{Suite}/{challenge}");
        Assert.Equal(HttpStatusCode.SeeOther, page.StatusCode);
        var response = await _browser.PageAsync(page.Headers.Location!.OriginalString);
        Assert.True((int)response.StatusCode < 400, await response.Content.ReadAsStringAsync());
        return response;
    }

    /// <summary>All the way to what our callback answers.</summary>
    private async Task<HttpResponseMessage> AnswerAsync(string challenge)
    {
        using var response = await AskAsync(challenge);
        if (response.Headers.Location is { } callback)
        {
            return await _browser.PageAsync(callback.OriginalString);
        }

        var form = await response.Content.ReadAsStringAsync();
        return await _browser.PostFormAsync($"{Suite}/{challenge}/answer", ("response", Browser.Hidden(form, "response")));
    }

    private async Task<IEnumerable<string>> RecordedAsync() =>
        (await Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = _user }, ConsentReplica.Operator))
            .Consents.Select(c => $"{c.Scope}:{c.Decision}:{c.Method}");
}
