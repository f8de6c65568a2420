using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Tokens;

namespace Client.Tests.Local;

/// <summary>A realm's keys: signs tokens with the latest, and publishes all of them where the metadata says.</summary>
internal sealed class RealmSigner : HttpMessageHandler
{
    public const string Issuer = "https://iam.test/realms/demo";

    private volatile (string KeyId, ECDsa Key)[] _keys = [];
    private int _made;

    public RealmSigner() => Rotate();

    public ConcurrentQueue<Uri> Requests { get; } = [];

    public bool IsDown { get; set; }

    public string KeyId => _keys[^1].KeyId;

    /// <summary>From here on tokens are signed with a new key; it is published at once.</summary>
    public void Rotate() => _keys = [.. _keys, ($"key-{++_made}", ECDsa.Create(ECCurve.NamedCurves.nistP256))];

    /// <summary>It is published no more.</summary>
    public void Forget(string keyId) => _keys = [.. _keys.Where(key => key.KeyId != keyId)];

    public string Sign(AccessToken token, string? header = null)
    {
        var encodedHeader = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header ?? $$"""{"alg":"ES256","typ":"at+jwt","kid":"{{KeyId}}"}"""));
        var signed = $"{encodedHeader}.{Base64Url.EncodeToString(AccessTokenJson.Write(token).WrittenSpan)}";
        return $"{signed}.{Base64Url.EncodeToString(_keys[^1].Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Of the demo service in acme, good for ten minutes.</summary>
    public static AccessToken Token(DateTimeOffset now) => new()
    {
        TokenId = Guid.NewGuid().ToString("N"),
        RealmId = DemoRealm.Id,
        Issuer = Issuer,
        Subject = Principal.Client("demo-service"),
        ClientId = "demo-service",
        Scopes = ["invoices.create", "invoices.read"],
        Audiences = [DemoRealm.Audience],
        IssuedAt = now,
        ExpiresAt = now.AddMinutes(10),
    };

    /// <summary>Of a user who is logged in at the web application.</summary>
    public static AccessToken TokenOf(string userId, DateTimeOffset now) =>
        Token(now) with { Subject = Principal.User(userId), ClientId = "demo-web", GrantId = $"grant-of-{userId}" };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request.RequestUri!);
        return IsDown ? throw new HttpRequestException("nobody is there") : Task.FromResult(new HttpResponseMessage
        {
            StatusCode = HttpStatusCode.OK,
            Content = request.RequestUri!.AbsolutePath switch
            {
                "/.well-known/oauth-authorization-server/realms/demo" =>
                    JsonContent.Create(new { issuer = Issuer, jwks_uri = $"{Issuer}/oauth2/jwks" }),
                _ => JsonContent.Create(new { keys = _keys.Select(key => Jwk(key.KeyId, key.Key)) }),
            },
        });
    }

    private static Dictionary<string, string> Jwk(string keyId, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
            ["use"] = "sig",
            ["alg"] = "ES256",
            ["kid"] = keyId,
        };
    }
}
