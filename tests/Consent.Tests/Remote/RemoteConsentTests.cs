using System.Net;
using Consent.Tests.Hosting;
using Testing;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Remote;

/// <summary>A realm's remote consent server, asked and answering.</summary>
public sealed class RemoteConsentTests(ConsentServiceFixture fixture, RemoteConsentServer remote)
    : RemoteConsentScenario(fixture, remote), IClassFixture<ConsentServiceFixture>, IClassFixture<RemoteConsentServer>
{
    private const string Payments = """[{"type":"payment","amount":1},{"type":"payment","amount":2}]""";

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
        Assert.Equal((Suite, "urn:remote-consent", User, "strict"), (Text("iss"), Text("aud"), Text("sub"), Text("client_id")));
        Assert.Equal($"{Suite}/{challenge}/answer", Text("callback"));
        Assert.Equal("""["invoices.read","invoices.create"]""", asked.GetProperty("scopes").GetRawText());
        Assert.Equal("""["invoices.read"]""", asked.GetProperty("required_scopes").GetRawText());
        Assert.Equal("""["de"]""", asked.GetProperty("ui_locales").GetRawText());
        Assert.Equal(43, Text("nonce").Length);
        // The realm gives the user ten minutes, which is less than the server would have.
        Assert.Equal((Fixture.Clock.GetUtcNow().ToUnixTimeSeconds(), 600), (asked.GetProperty("iat").GetInt64(), asked.GetProperty("exp").GetInt64() - asked.GetProperty("iat").GetInt64()));

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

    [NodeFact]
    public async Task Our_keys_are_of_one_realm_and_the_private_ones_are_not_among_them()
    {
        using var demo = await Browser.JsonAsync("/realms/demo/consent/jwks");
        using var other = await Browser.JsonAsync("/realms/other/consent/jwks");
        using var again = await Browser.JsonAsync("/realms/demo/consent/jwks");

        var keys = (await Browser.ReadJsonAsync(demo)).GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(["sig:ES256", "enc:ECDH-ES"], keys.Select(key => $"{key.GetProperty("use")}:{key.GetProperty("alg")}"));
        Assert.All(keys, key => Assert.Equal(["kty", "crv", "x", "y", "use", "alg", "kid"], key.EnumerateObject().Select(member => member.Name)));
        var json = await demo.Content.ReadAsStringAsync();
        Assert.Equal(json, await again.Content.ReadAsStringAsync());
        Assert.NotEqual(json, await other.Content.ReadAsStringAsync());
        Assert.Equal(2, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
    }
}
