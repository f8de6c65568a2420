using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests.AspNetCore;

/// <summary>Attacks on tokens that are bound to a key.</summary>
public sealed class SenderConstraintTests : IDisposable
{
    private const string Path = "/organizations/acme/invoices";
    private readonly TestProof _sender = new();

    public static TheoryData<string, Action<JsonObject, JsonObject>> BadProofs => new()
    {
        { "typ missing", (header, _) => header.Remove("typ") },
        { "typ of another JWT", (header, _) => header["typ"] = "JWT" },
        { "alg none", (header, _) => header["alg"] = "none" },
        { "alg symmetric", (header, _) => header["alg"] = "HS256" },
        { "alg refused", (header, _) => header["alg"] = "RS256" },
        { "alg of another key", (header, _) => header["alg"] = "ES384" },
        { "alg missing", (header, _) => header.Remove("alg") },
        { "jwk missing", (header, _) => header.Remove("jwk") },
        { "jwk not an object", (header, _) => header["jwk"] = "key" },
        { "jwk with a private part", (header, _) => header["jwk"]!["d"] = "AAAA" },
        { "jwk not on its curve", (header, _) => header["jwk"]!["x"] = header["jwk"]!["y"]!.DeepClone() },
        { "crit", (header, _) => header["crit"] = new JsonArray("x") },
        { "jti missing", (_, claims) => claims.Remove("jti") },
        { "jti empty", (_, claims) => claims["jti"] = "" },
        { "jti endless", (_, claims) => claims["jti"] = new string('x', 300) },
        { "htm missing", (_, claims) => claims.Remove("htm") },
        { "htm of another request", (_, claims) => claims["htm"] = "POST" },
        { "htu missing", (_, claims) => claims.Remove("htu") },
        { "htu of another path", (_, claims) => claims["htu"] = $"{claims["htu"]}/1" },
        { "htu of another host", (_, claims) => claims["htu"] = "http://other.example/organizations/acme/invoices" },
        { "htu no address", (_, claims) => claims["htu"] = "invoices" },
        { "iat missing", (_, claims) => claims.Remove("iat") },
        { "iat as text", (_, claims) => claims["iat"] = "1767268800" },
        { "iat an hour ago", (_, claims) => claims["iat"] = claims["iat"]!.GetValue<long>() - 3600 },
        { "iat an hour ahead", (_, claims) => claims["iat"] = claims["iat"]!.GetValue<long>() + 3600 },
        { "iat after the end of time", (_, claims) => claims["iat"] = 950_000_000_000 },
        { "iat before its beginning", (_, claims) => claims["iat"] = -950_000_000_000 },
        { "ath missing", (_, claims) => claims.Remove("ath") },
        { "ath of another token", (_, claims) => claims["ath"] = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" },
    };

    [Theory]
    [MemberData(nameof(BadProofs))]
    public async Task A_bad_proof_is_refused(string _, Action<JsonObject, JsonObject> spoil)
    {
        await using var app = await BoundAsync();

        var answer = await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app, spoil)));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("error=\"invalid_dpop_proof\"", answer.Challenge, StringComparison.Ordinal);
        Assert.StartsWith("DPoP realm=\"demo\"", answer.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_proof_is_taken_once_and_the_check_is_told_of_it()
    {
        await using var app = await BoundAsync();
        Wire.CheckPermissionRequest? asked = null;
        app.Server.Check = (request, _) =>
        {
            asked = request;
            return Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true });
        };
        var proof = Proof(app);

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync($"{Path}?page=2", "DPoP the-token", ("DPoP", proof))).Status);
        Assert.True(asked!.Presentation.SenderConstraintVerified);
        Assert.Contains("used before", (await app.GetAsync(Path, "DPoP the-token", ("DPoP", proof))).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_32_that_use_a_proof_at_once_one_succeeds()
    {
        await using var app = await BoundAsync();
        var proof = Proof(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => app.GetAsync(Path, "DPoP the-token", ("DPoP", proof))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(31, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData("Bearer the-token", true)]
    [InlineData("Bearer the-token", false)]
    [InlineData("DPoP the-token", false)]
    public async Task A_bound_token_is_worth_nothing_without_its_proof(string authorization, bool withProof)
    {
        await using var app = await BoundAsync();

        var answer = await app.GetAsync(Path, authorization, withProof ? [("DPoP", Proof(app))] : []);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Fact]
    public async Task A_proof_of_another_key_two_proofs_and_a_forged_one_are_refused()
    {
        await using var app = await BoundAsync();
        using var thief = new TestProof();
        var stolen = thief.Make("the-token", Address(app), app.Clock.GetUtcNow());
        var forged = thief.Make("the-token", Address(app), app.Clock.GetUtcNow(), (header, _) => header["jwk"] = _sender.Jwk);

        Assert.Contains("another key", (await app.GetAsync(Path, "DPoP the-token", ("DPoP", stolen))).Challenge, StringComparison.Ordinal);
        Assert.Contains("signature", (await app.GetAsync(Path, "DPoP the-token", ("DPoP", forged))).Challenge, StringComparison.Ordinal);
        Assert.Contains("invalid_dpop_proof", (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app)), ("DPoP", Proof(app)))).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_for_a_token_that_is_not_bound_is_refused_and_so_is_such_a_token_where_all_must_be()
    {
        await using var app = await ProtectedApp.StartAsync();
        await using var strict = await ProtectedApp.StartAsync(options => options.RequireDpop = true);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app)))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await strict.GetAsync(Path)).Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "DPoP realm=\"demo\", algs=\"ES256 ES384 PS256\""), await strict.GetAsync(Path, authorization: null));
    }

    [Fact]
    public async Task Where_a_nonce_is_needed_the_challenge_brings_it()
    {
        await using var app = await BoundAsync(options => options.RequireDpopNonce = true);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.TryAddWithoutValidation("Authorization", "DPoP the-token");
        request.Headers.TryAddWithoutValidation("DPoP", Proof(app));
        using var refused = await app.Http.SendAsync(request);
        var nonce = Assert.Single(refused.Headers.GetValues("DPoP-Nonce"));

        Assert.Contains("error=\"use_dpop_nonce\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app, (_, claims) => claims["nonce"] = nonce)))).Status);
        var changed = (nonce[0] == 'A' ? 'B' : 'A') + nonce[1..];
        Assert.Contains("use_dpop_nonce", (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app, (_, claims) => claims["nonce"] = changed)))).Challenge, StringComparison.Ordinal);
        foreach (var none in new[] { "", nonce + "A", nonce[1..] + "!", new string('=', 32), new string('é', 32) })
        {
            Assert.Contains("use_dpop_nonce", (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app, (_, claims) => claims["nonce"] = none)))).Challenge, StringComparison.Ordinal);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains("use_dpop_nonce", (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app, (_, claims) => claims["nonce"] = nonce)))).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_no_more_proofs_can_be_remembered_nobody_is_let_through_until_they_are_over()
    {
        await using var app = await BoundAsync(options => options.MaxRememberedProofs = 1);

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app)))).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app)))).Status);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(Path, "DPoP the-token", ("DPoP", Proof(app)))).Status);
    }

    [Fact]
    public async Task A_certificate_bound_token_needs_its_certificate_from_a_trusted_proxy()
    {
        using var own = Certificate();
        using var other = Certificate();
        await using var app = await CertificateBoundAsync(own, "127.0.0.0/8");
        await using var distrustful = await CertificateBoundAsync(own, "10.0.0.0/8");

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(Path, headers: ("Client-Cert", Rfc9440(own)))).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(Path, headers: ("Client-Cert", Uri.EscapeDataString(own.ExportCertificatePem())))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(Path, headers: ("Client-Cert", Rfc9440(other)))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(Path, headers: ("Client-Cert", ":no certificate:"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(Path, headers: [("Client-Cert", Rfc9440(own)), ("Client-Cert", Rfc9440(other))])).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(Path)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await distrustful.GetAsync(Path, headers: ("Client-Cert", Rfc9440(own)))).Status);
    }

    public void Dispose() => _sender.Dispose();

    private static Uri Address(ProtectedApp app) => new(app.Http.BaseAddress!, Path);

    private static string Rfc9440(X509Certificate2 certificate) => $":{Convert.ToBase64String(certificate.RawData)}:";

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=sender", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private static async Task<ProtectedApp> CertificateBoundAsync(X509Certificate2 certificate, string proxies)
    {
        var app = await ProtectedApp.StartAsync(options =>
        {
            options.ClientCertificateHeader = "Client-Cert";
            options.TrustedProxies.Add(proxies);
        });
        app.Introspect(token => token.Confirmation = new() { CertificateThumbprint = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData)) });
        return app;
    }

    private string Proof(ProtectedApp app, Action<JsonObject, JsonObject>? spoil = null) =>
        _sender.Make("the-token", Address(app), app.Clock.GetUtcNow(), spoil);

    private async Task<ProtectedApp> BoundAsync(Action<Pltfrms.Iam.Client.AspNetCore.IamAuthenticationOptions>? configure = null)
    {
        var app = await ProtectedApp.StartAsync(configure);
        app.Introspect(token => token.Confirmation = new() { JwkThumbprint = _sender.Thumbprint });
        return app;
    }
}
