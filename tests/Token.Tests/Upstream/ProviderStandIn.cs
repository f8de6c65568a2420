using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Token.Tests.Upstream;

/// <summary>An OpenID provider that does what a test tells it to, wrong things above all.</summary>
internal sealed class ProviderStandIn : IAsyncDisposable
{
    public const string ClientId = "the realm & co";
    public const string ClientSecret = "a secret: of/the+provider's making";

    private readonly WebApplication _app;
    private readonly Dictionary<string, Login> _codes = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private int _keyFetches;

    private ProviderStandIn(WebApplication app, TimeProvider clock) => (_app, _clock) = (app, clock);

    public string Issuer { get; private set; } = "";

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeyId { get; set; } = "key-1";

    /// <summary>Who logs in.</summary>
    public string Subject { get; set; } = "sub-carol";

    /// <summary>Does what it likes to the claims before they are signed.</summary>
    public Action<Dictionary<string, object?>> Claims { get; set; } = _ => { };

    /// <summary>Makes a token of header and payload; null: as it should be.</summary>
    public Func<ProviderStandIn, string, string, string>? Sign { get; set; }

    public Action<Dictionary<string, object?>> Metadata { get; set; } = _ => { };

    /// <summary>Answers at the token endpoint instead; null: as it should be.</summary>
    public Func<HttpContext, Task>? TokenEndpoint { get; set; }

    /// <summary>Answers everything instead; null: as it should be.</summary>
    public Func<HttpContext, Task>? Everything { get; set; }

    public int KeyFetches => _keyFetches;

    /// <summary>What the token endpoint was sent last.</summary>
    public IReadOnlyDictionary<string, string> LastForm { get; private set; } = new Dictionary<string, string>();

    public string? LastAuthorization { get; private set; }

    public static async Task<ProviderStandIn> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new ProviderStandIn(builder.Build(), clock);
        provider._app.Run(provider.AnswerAsync);
        await provider._app.StartAsync();
        provider.Issuer = provider._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/op";
        return provider;
    }

    /// <summary>A user logs in: where the browser is sent back to.</summary>
    public string LogIn(string authorizationAddress)
    {
        var asked = Query(authorizationAddress);
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(200));
        _codes[code] = new Login(asked, Subject);
        return $"{asked["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(asked["state"])}&iss={Uri.EscapeDataString(Issuer)}";
    }

    public static Dictionary<string, string> Query(string address) =>
        QueryHelpers.ParseQuery(new Uri(address).Query).ToDictionary(pair => pair.Key, pair => pair.Value.Single()!, StringComparer.Ordinal);

    public static string Encode(object json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    public string SignWith(ECDsa key, string header, string payload) =>
        $"{header}.{payload}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes($"{header}.{payload}"), HashAlgorithmName.SHA256))}";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private Task AnswerAsync(HttpContext context) => Everything is { } everything ? everything(context) : context.Request.Path.Value switch
    {
        "/op/.well-known/openid-configuration" => context.Response.WriteAsJsonAsync(OwnMetadata()),
        "/op/keys" => KeysAsync(context),
        "/op/token" => TokenEndpoint is { } other ? other(context) : TokenAsync(context),
        _ => Task.FromResult(context.Response.StatusCode = 404),
    };

    private Dictionary<string, object?> OwnMetadata()
    {
        var metadata = new Dictionary<string, object?>
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize?tenant=1",
            ["token_endpoint"] = $"{Issuer}/token",
            ["jwks_uri"] = $"{Issuer}/keys",
            ["authorization_response_iss_parameter_supported"] = true,
        };
        Metadata(metadata);
        return metadata;
    }

    private Task KeysAsync(HttpContext context)
    {
        Interlocked.Increment(ref _keyFetches);
        var point = Key.ExportParameters(includePrivateParameters: false).Q;
        return context.Response.WriteAsJsonAsync(new
        {
            keys = new object[]
            {
                new { kty = "oct", kid = "symmetric", k = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0" },
                new { kty = "EC", crv = "P-256", use = "sig", kid = KeyId, x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) },
            },
        });
    }

    private async Task TokenAsync(HttpContext context)
    {
        LastForm = (await context.Request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        LastAuthorization = context.Request.Headers.Authorization;
        var isRight = _codes.Remove(LastForm["code"], out var login)
            && login.Asked["redirect_uri"] == LastForm["redirect_uri"]
            && login.Asked["code_challenge"] == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(LastForm["code_verifier"])));
        if (!isRight)
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
            return;
        }

        await context.Response.WriteAsJsonAsync(new { access_token = "an-access-token", token_type = "Bearer", id_token = IdToken(login!) });
    }

    private string IdToken(Login login)
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Issuer,
            ["sub"] = login.Subject,
            ["aud"] = ClientId,
            ["nonce"] = login.Asked["nonce"],
            ["iat"] = now,
            ["exp"] = now + 300,
            ["auth_time"] = now,
            ["name"] = "Carol at the provider",
        };
        Claims(claims);
        var (header, payload) = (Encode(new { alg = "ES256", typ = "JWT", kid = KeyId }), Encode(claims.Where(claim => claim.Value is not null).ToDictionary()));
        return Sign is { } sign ? sign(this, header, payload) : SignWith(Key, header, payload);
    }

    private sealed record Login(Dictionary<string, string> Asked, string Subject);
}
