using System.Security.Cryptography;

namespace Benchmarks.Load.Comparisons;

/// <summary>Token requests that carry something signed.</summary>
internal sealed class SignedComparisons(Scene scene)
{
    private const double Half = 0.5;
    private const string VerifyAndSign = "a form POST that verifies and signs";
    private static readonly RequestHeader Basic = RequestHeader.Basic(DemoRealm.ServiceId, DemoRealm.ServiceSecret);

    /// <summary>One signature is made; the token that is exchanged was verified before.</summary>
    public async Task<Comparison> ExchangeAsync(string name)
    {
        var form = $"{DemoRealm.ExchangeForm}&subject_token={await scene.Demo.ServiceTokenAsync()}";
        return Against(
            name,
            "token exchange over REST",
            scene.FloorSigning(form),
            scene.Form("token exchange", new FormTarget(scene.Demo.Endpoint("token"), form, [Basic], "\"access_token\":\"")),
            "a form POST that signs");
    }

    /// <summary>The assertion is verified and the token signed; that the assertion counts once takes a row in the database.</summary>
    public async Task<Comparison> PrivateKeyJwtAsync(string name)
    {
        var (key, endpoint, issuer) = (await scene.Clients.MakeSignerAsync(), scene.Demo.Endpoint("token"), scene.Demo.Issuer);
        string Form(ECDsa own) => $"{DemoRealm.AssertionForm}&client_assertion={SignedJwts.Assertion(own, LoadClients.SignerId, issuer)}";
        return Against(
            name,
            "client_credentials with private_key_jwt over REST",
            scene.FloorVerifying(Form(key)),
            scene.Form("private_key_jwt", FormOf(endpoint, new SignedRequests(key, own => FormTarget.Bytes(endpoint, Form(own), [])), "\"access_token\":\"")),
            VerifyAndSign);
    }

    /// <summary>The proof is verified and the token signed, the client has a secret; that the proof counts once takes a row in the database.</summary>
    public Task<Comparison> DpopAsync(string name)
    {
        var (key, endpoint) = (SignedJwts.NewKey(), scene.Demo.Endpoint("token"));
        var jwk = SignedJwts.JwkOf(key);
        RequestHeader[] Headers(ECDsa own) => [Basic, new("DPoP", SignedJwts.Proof(own, jwk, endpoint))];
        return Task.FromResult(Against(
            name,
            "client_credentials with DPoP over REST",
            scene.FloorVerifying(DemoRealm.ServiceForm, Headers(key)),
            scene.Form("DPoP", FormOf(
                endpoint, new SignedRequests(key, own => FormTarget.Bytes(endpoint, DemoRealm.ServiceForm, Headers(own))), "\"token_type\":\"DPoP\"")),
            VerifyAndSign));
    }

    private static FormTarget FormOf(Uri endpoint, SignedRequests requests, string expected) => new(endpoint, requests.Next, requests.Prepare, expected);

    /// <remarks>By the same generator: each request of ours is another, which wrk has no bytes for.</remarks>
    private static Comparison Against(string name, string title, Target floor, Target ours, string signatures) => new(
        name,
        title,
        [ours.Tool is null ? floor with { Tool = null } : floor, ours],
        [new($"{ours.Name}, requests: {signatures}", AimOf.Requests, ours.Name, floor.Name, Half)]);
}
