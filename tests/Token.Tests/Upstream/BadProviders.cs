using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Token.Tests.Upstream;

/// <summary>What a provider, or somebody who pretends to be one, can do wrong.</summary>
internal static class BadProviders
{
    public static Dictionary<string, Action<ProviderStandIn>> IdTokens { get; } = new(StringComparer.Ordinal)
    {
        ["another nonce"] = Claim("nonce", "another"),
        ["no nonce"] = Claim("nonce", null),
        ["another audience"] = Claim("aud", "somebody else"),
        ["no audience"] = Claim("aud", null),
        ["several audiences and no azp"] = Claim("aud", new[] { ProviderStandIn.ClientId, "somebody else" }),
        ["another azp"] = Claim("azp", "somebody else"),
        ["an azp that is no text"] = Claim("azp", 1),
        ["another issuer"] = Claim("iss", "https://evil.example"),
        ["no issuer"] = Claim("iss", null),
        ["no subject"] = Claim("sub", null),
        ["an empty subject"] = Claim("sub", ""),
        ["a subject that is a number"] = Claim("sub", 7),
        ["an endless subject"] = Claim("sub", new string('a', 256)),
        ["expired"] = provider => provider.Claims = claims => claims["exp"] = (long)claims["iat"]! - 61,
        ["no expiry"] = Claim("exp", null),
        ["not valid yet"] = provider => provider.Claims = claims => claims["nbf"] = (long)claims["iat"]! + 120,
        ["issued in the future"] = provider => provider.Claims = claims => claims["iat"] = (long)claims["iat"]! + 120,
        ["issued long ago"] = provider => provider.Claims = claims => claims["iat"] = (long)claims["iat"]! - 3600,
        ["no time of issue"] = Claim("iat", null),
        ["another access token's hash"] = Claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
        ["alg none"] = provider => provider.Sign = (_, _, payload) => $"{ProviderStandIn.Encode(new { alg = "none" })}.{payload}.",
        ["alg none, signed"] = provider => provider.Sign = (p, _, payload) => p.SignWith(p.Key, ProviderStandIn.Encode(new { alg = "None", kid = p.KeyId }), payload),
        ["HS256 with the public key"] = provider => provider.Sign = (p, _, payload) => Hmac(p, payload, p.Key.ExportSubjectPublicKeyInfo()),
        ["HS256 with the public key as text"] = provider => provider.Sign = (p, _, payload) => Hmac(p, payload, Encoding.ASCII.GetBytes(p.Key.ExportSubjectPublicKeyInfoPem())),
        ["HS256 with a published symmetric key"] = provider =>
            provider.Sign = (_, _, payload) => Hmac("symmetric", payload, "secretsecretsecretsecretsecretsecret"u8.ToArray()),
        ["HS256 with the client secret"] = provider => provider.Sign = (p, _, payload) => Hmac(p, payload, Encoding.ASCII.GetBytes(ProviderStandIn.ClientSecret)),
        ["somebody else's key"] = provider => provider.Sign = (p, header, payload) => p.SignWith(ECDsa.Create(ECCurve.NamedCurves.nistP256), header, payload),
        ["an unknown key"] = provider =>
            provider.Sign = (p, _, payload) => p.SignWith(p.Key, ProviderStandIn.Encode(new { alg = "ES256", kid = "made-up" }), payload),
        ["a key of its own in the header"] = provider => provider.Sign = (p, _, payload) => WithOwnKey(p, payload),
        ["a changed payload"] = provider => provider.Sign = (p, header, payload) =>
            $"{header}.{ProviderStandIn.Encode(new { sub = "sub-carol" })}.{p.SignWith(p.Key, header, payload).Split('.')[2]}",
        ["no signature"] = provider => provider.Sign = (_, header, payload) => $"{header}.{payload}.",
        ["an access token's type"] = provider =>
            provider.Sign = (p, _, payload) => p.SignWith(p.Key, ProviderStandIn.Encode(new { alg = "ES256", kid = p.KeyId, typ = "at+jwt" }), payload),
        ["a critical header"] = provider => provider.Sign = (p, _, payload) =>
            p.SignWith(p.Key, ProviderStandIn.Encode(new { alg = "ES256", kid = p.KeyId, crit = new[] { "b64" }, b64 = false }), payload),
        ["a claim twice"] = provider => provider.Sign = (p, header, payload) => p.SignWith(
            p.Key,
            header,
            System.Buffers.Text.Base64Url.EncodeToString(
                [.. System.Buffers.Text.Base64Url.DecodeFromChars(payload).AsSpan()[..^1], .. ",\"sub\":\"sub-erin\"}"u8])),
        ["no JWT"] = provider => provider.Sign = (_, _, _) => "not.a.jwt",
        ["no JSON"] = provider => provider.Sign = (p, header, _) => p.SignWith(p.Key, header, "AAAA"),
        ["five parts"] = provider => provider.Sign = (_, _, _) => "a.b.c.d.e",
        ["far too long"] = provider => provider.Claims = claims => claims["padding"] = new string('x', 100_000),
    };

    public static Dictionary<string, Func<HttpContext, Task>> Answers { get; } = new(StringComparer.Ordinal)
    {
        ["500"] = context => Task.FromResult(context.Response.StatusCode = 500),
        ["400"] = context => Write(context, 400, "{\"error\":\"invalid_client\"}"),
        ["garbage"] = context => Write(context, 200, "<html>"),
        ["a list"] = context => Write(context, 200, "[]"),
        ["no id token"] = context => Write(context, 200, "{\"access_token\":\"x\"}"),
        ["an id token that is a number"] = context => Write(context, 200, "{\"id_token\":1}"),
        ["members twice"] = context => Write(context, 200, "{\"id_token\":\"a.b.c\",\"id_token\":\"d.e.f\"}"),
        ["nothing"] = context => Write(context, 200, ""),
        ["far too much"] = context => Write(context, 200, $"{{\"id_token\":\"{new string('x', 300_000)}\"}}"),
        ["a redirect"] = context => Redirect(context, 302),
        ["a redirect with the form"] = context => Redirect(context, 307),
        ["silence"] = context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted),
        ["an abort"] = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
    };

    private static Action<ProviderStandIn> Claim(string name, object? value) => provider => provider.Claims = claims => claims[name] = value;

    private static string Hmac(ProviderStandIn provider, string payload, byte[] key) => Hmac(provider.KeyId, payload, key);

    private static string Hmac(string keyId, string payload, byte[] key)
    {
        var data = $"{ProviderStandIn.Encode(new { alg = "HS256", kid = keyId })}.{payload}";
        return $"{data}.{System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(data)))}";
    }

    private static string WithOwnKey(ProviderStandIn provider, string payload)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new { kty = "EC", crv = "P-256", x = System.Buffers.Text.Base64Url.EncodeToString(point.X), y = System.Buffers.Text.Base64Url.EncodeToString(point.Y) };
        return provider.SignWith(key, ProviderStandIn.Encode(new { alg = "ES256", kid = provider.KeyId, jwk }), payload);
    }

    private static Task Write(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    private static Task Redirect(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = "https://evil.example/token";
        return Task.CompletedTask;
    }
}
