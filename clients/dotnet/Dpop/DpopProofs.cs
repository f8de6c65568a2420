using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client.Dpop;

/// <summary>
/// RFC 9449 section 4.2: proves with each token request, and with each call with a token that came of one, that this application has its key.
/// The key is the configured one, or one that is made at the start and kept for as long as the application runs.
/// </summary>
internal sealed class DpopProofs : IDisposable
{
    /// <summary>The scheme and the type of tokens that are bound, and the header of proofs (RFC 9449 sections 4.1, 5 and 7.1).</summary>
    public const string Scheme = "DPoP";

    private readonly TimeProvider _clock;
    private readonly ClientKey? _key;
    private readonly Uri? _tokenEndpoint;
    private volatile string? _nonce;

    public DpopProofs(IOptions<IamClientOptions> options, TimeProvider clock)
    {
        var settings = options.Value;
        _clock = clock;
        _key = Key(settings).Read() ?? (settings.UseDpop ? ClientKey.Generate() : null);
        _tokenEndpoint = _key is null ? null : new($"{settings.Issuer!.AbsoluteUri.TrimEnd('/')}/oauth2/token");
    }

    /// <summary>Whether tokens are bound to a key.</summary>
    public bool AreMade => _key is not null;

    /// <summary>Whether the settings ask for them.</summary>
    public static bool AreWanted(IamClientOptions options) => options.UseDpop || Key(options).IsSet;

    /// <summary>The faults of the settings that this one goes by.</summary>
    public static IEnumerable<(string Setting, string Fault)> Faults(IamClientOptions options)
    {
        var key = Key(options);
        if (AreWanted(options) && options.Issuer is not { IsAbsoluteUri: true })
        {
            var holding = key.IsSet ? key.Holding : nameof(options.UseDpop);
            yield return (nameof(options.Issuer), $"is missing; with {holding} proofs are made for the realm's token endpoint");
        }
        foreach (var fault in key.Faults())
        {
            yield return fault;
        }
    }

    /// <summary>Whether this application's own calls go out with tokens that are bound.</summary>
    public static bool AreForCalls(IamClientOptions options) => AreWanted(options) && !options.UnboundCalls;

    /// <summary>For a token request, with the nonce that the token service gave last.</summary>
    public string ForTokenRequest() => Make("POST", _tokenEndpoint!, accessToken: null, _nonce);

    /// <summary>For one of this application's own calls to the token service, which has the same nonces for all of a realm.</summary>
    public string ForCall(Uri method, string accessToken) => Make("POST", method, accessToken, _nonce);

    /// <summary>Keeps the nonce for the next one; one that is empty says nothing.</summary>
    public void Remember(string nonce) => _nonce = nonce.Length > 0 ? nonce : _nonce;

    /// <summary>RFC 9449 section 8: a realm that demands nonces tells the next one with its refusal. Whether it did, and the same is good with another proof.</summary>
    public bool Learn(RpcException refusal)
    {
        if (_key is null || DemandedNonce.In(refusal) is not { } nonce)
        {
            return false;
        }
        _nonce = nonce;
        return true;
    }

    /// <summary>For a request, once.</summary>
    /// <param name="method">Of the request.</param>
    /// <param name="address">Of the request; its query and fragment do not count.</param>
    /// <param name="accessToken">Sensitive: what the request comes with; null: none.</param>
    /// <param name="nonce">The last one of the server; null: it demands none.</param>
    public string Make(string method, Uri address, string? accessToken, string? nonce)
    {
        var claims = new Dictionary<string, object>
        {
            ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = method,
            ["htu"] = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            ["iat"] = _clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        if (accessToken is not null)
        {
            claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        }
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }
        return _key!.Sign(new Dictionary<string, object> { ["typ"] = "dpop+jwt", ["jwk"] = _key.PublicJwk }, claims);
    }

    public void Dispose() => _key?.Dispose();

    private static KeySetting Key(IamClientOptions options) => new(nameof(options.DpopKey), options.DpopKey, options.DpopKeyFile);
}
