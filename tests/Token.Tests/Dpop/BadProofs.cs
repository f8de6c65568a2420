using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Token.Tests.ClientAuthentication;

namespace Token.Tests.Dpop;

/// <summary>
/// The negative list of the FAPI 2.0 conformance modules for DPoP, and more. Each differs in one thing from a good proof for the same request, and says
/// with which words it is refused, so that none is refused for another reason.
/// </summary>
internal static class BadProofs
{
    private const string NoJwt = "is not a signed JWT";
    private const string NoKey = "has no jwk in its header that is a public key for its algorithm";
    private const string OtherAlgorithm = "is not signed with an algorithm that the server takes";
    private const string OtherType = "is not of the type dpop+jwt";
    private const string OtherSignature = "is not signed with the key in its header";
    private const string OtherMethod = "is not for this method (htm)";
    private const string OtherAddress = "is not for this address (htu)";
    private const string OtherTime = "was not made just now (iat)";
    private const string NoId = "has no jti of at most 255 characters";

    private static readonly ClientKey Foreign = ClientKey.Of("ES256", "foreign");
    private static readonly ClientKey OldRsa = ClientKey.Of("RS256", "old");

    public static IReadOnlyDictionary<string, (string Why, Func<ProofMaker, string> Make)> All { get; } =
        Forms().Concat(Headers()).Concat(Keys()).Concat(Claims()).Concat(Times()).ToDictionary(bad => bad.What, bad => (bad.Why, bad.Make), StringComparer.Ordinal);

    private static IEnumerable<(string What, string Why, Func<ProofMaker, string> Make)> Forms() =>
    [
        ("nothing like a JWT", NoJwt, _ => "garbage"),
        ("three parts of garbage", NoJwt, _ => "a.b.c"),
        ("two parts", NoJwt, p => p.Make()[..p.Make().LastIndexOf('.')]),
        ("four parts", NoJwt, p => p.Make() + ".AA"),
        ("padding", NoJwt, p => p.Make() + "="),
        ("two proofs in one header", NoJwt, p => $"{p.Make()}, {p.Make()}"),
        ("deep JSON in the payload", NoJwt, p => Raw(p, $",\"x\":{new string('[', 500)}{new string(']', 500)}}}")),
        ("deep JSON in the key", NoJwt, p => p.WithHeader("jwk", Deep(p))),
        ("a claim twice", NoJwt, p => Raw(p, ",\"htm\":\"GET\"}")),
        ("half a character", NoJwt, p => Raw(p, ",\"x\":\"\\ud800\"}")),
        ("a payload that is a list", NoJwt, p => p.Key.Sign(p.Header().ToJsonString(), "[]")),
        ("more than 8 KiB", NoJwt, p => p.With("x", new string('x', 7000))),
        ("a critical extension", NoJwt, p => p.WithHeader("crit", new JsonArray("exp"))),
    ];

    private static IEnumerable<(string What, string Why, Func<ProofMaker, string> Make)> Headers() =>
    [
        ("no typ", OtherType, p => p.WithHeader("typ", null)),
        ("typ JWT", OtherType, p => p.WithHeader("typ", "JWT")),
        ("an access token's typ", OtherType, p => p.WithHeader("typ", "at+jwt")),
        ("a client assertion's typ", OtherType, p => p.WithHeader("typ", "client-authentication+jwt")),
        ("no alg", OtherAlgorithm, p => p.WithHeader("alg", null)),
        ("alg none with a signature", OtherAlgorithm, p => p.WithHeader("alg", "none")),
        ("alg none without a signature", OtherAlgorithm, Unsigned),
        ("HS256 with the public key as the secret", OtherAlgorithm, Hmac),
        ("RS256", OtherAlgorithm, p => OldRsa.Sign(ProofMaker.Changed(ProofMaker.Changed(p.Header(), "alg", "RS256"), "jwk", OldRsa.Jwk.DeepClone()).ToJsonString(), p.Claims().ToJsonString())),
        ("PS256 with a key for RS256", NoKey, p => OldRsa.Sign(ProofMaker.Changed(ProofMaker.Changed(p.Header(), "alg", "PS256"), "jwk", OldRsa.Jwk.DeepClone()).ToJsonString(), p.Claims().ToJsonString())),
        ("PS256 with a key on a curve", NoKey, p => p.WithHeader("alg", "PS256")),
        ("ES384 with a key on P-256", NoKey, p => p.WithHeader("alg", "ES384")),
    ];

    private static IEnumerable<(string What, string Why, Func<ProofMaker, string> Make)> Keys() =>
    [
        ("no jwk", NoKey, p => p.WithHeader("jwk", null)),
        ("a jwk that is a text", NoKey, p => p.WithHeader("jwk", p.Key.Jwk.ToJsonString())),
        ("an address of keys in place of a jwk", NoKey, p => p.Sign(ProofMaker.Changed(ProofMaker.Changed(p.Header(), "jwk", null), "jku", "https://keys.example"), p.Claims())),
        ("the private key in the jwk", NoKey, p => p.WithHeader("jwk", ProofMaker.Changed((JsonObject)p.Key.Jwk.DeepClone(), "d", "AAAA"))),
        ("an RSA prime in the jwk", NoKey, p => p.WithHeader("jwk", ProofMaker.Changed((JsonObject)p.Key.Jwk.DeepClone(), "p", "AAAA"))),
        ("a symmetric key", NoKey, p => p.WithHeader("jwk", new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" })),
        ("a key that is no point of its curve", NoKey, p => p.WithHeader("jwk", ProofMaker.Changed((JsonObject)p.Key.Jwk.DeepClone(), "y", p.Key.Jwk["x"]!.DeepClone()))),
        ("a key on another curve", NoKey, p => p.WithHeader("jwk", ProofMaker.Changed((JsonObject)p.Key.Jwk.DeepClone(), "crv", "P-521"))),
        ("a key for encryption", NoKey, p => p.WithHeader("jwk", ProofMaker.Changed((JsonObject)p.Key.Jwk.DeepClone(), "use", "enc"))),
        ("another key", OtherSignature, p => p.WithHeader("jwk", Foreign.Jwk.DeepClone())),
        ("another's signature", OtherSignature, p => Foreign.Sign(p.Header().ToJsonString(), p.Claims().ToJsonString())),
        ("a signature of something else", OtherSignature, Swapped),
        ("half a signature", OtherSignature, Halved),
    ];

    private static IEnumerable<(string What, string Why, Func<ProofMaker, string> Make)> Claims() =>
    [
        ("no jti", NoId, p => p.With("jti", null)),
        ("an empty jti", NoId, p => p.With("jti", "")),
        ("a number as jti", NoId, p => p.With("jti", 1)),
        ("a long jti", NoId, p => p.With("jti", new string('x', 256))),
        ("no htm", OtherMethod, p => p.With("htm", null)),
        ("another htm", OtherMethod, p => p.With("htm", "DELETE")),
        ("htm in lower case", OtherMethod, p => p.With("htm", p.Method.ToLowerInvariant())),
        ("no htu", OtherAddress, p => p.With("htu", null)),
        ("htu of another path", OtherAddress, p => p.With("htu", p.Address + "/x")),
        ("htu with a slash more", OtherAddress, p => p.With("htu", p.Address + "/")),
        ("htu in upper case", OtherAddress, p => p.With("htu", p.Address.ToUpperInvariant())),
        ("htu of another host", OtherAddress, p => p.With("htu", Elsewhere(p, host: "evil.example"))),
        ("htu of another port", OtherAddress, p => p.With("htu", Elsewhere(p, port: 8443))),
        ("htu of another scheme", OtherAddress, p => p.With("htu", Elsewhere(p, scheme: "https"))),
        ("htu with a user name", OtherAddress, p => p.With("htu", p.Address.Replace("://", "://user@", StringComparison.Ordinal))),
        ("htu without a host", OtherAddress, p => p.With("htu", new Uri(p.Address).AbsolutePath)),
        ("htu of no HTTP", OtherAddress, p => p.With("htu", "file:///etc/passwd")),
        ("a list as htu", OtherAddress, p => p.With("htu", new JsonArray(p.Address))),
    ];

    private static IEnumerable<(string What, string Why, Func<ProofMaker, string> Make)> Times() =>
    [
        ("no iat", OtherTime, p => p.With("iat", null)),
        ("a text as iat", OtherTime, p => p.With("iat", $"{p.Seconds}")),
        ("made an hour ago", OtherTime, p => p.With("iat", p.Seconds - 3600)),
        ("made an hour ahead", OtherTime, p => p.With("iat", p.Seconds + 3600)),
        ("made a minute ago", OtherTime, p => p.With("iat", p.Seconds - 60)),
        ("made a minute ahead", OtherTime, p => p.With("iat", p.Seconds + 60)),
        ("made after the end of time", OtherTime, p => p.With("iat", 950_000_000_000)),
        ("made before its beginning", OtherTime, p => p.With("iat", -950_000_000_000)),
        ("valid in a minute", "is not valid yet (nbf)", p => p.With("nbf", p.Seconds + 61)),
        ("a text as nbf", "is not valid yet (nbf)", p => p.With("nbf", "now")),
        ("expired a minute ago", "has expired (exp)", p => p.With("exp", p.Seconds - 60)),
        ("a text as exp", "has expired (exp)", p => p.With("exp", "never")),
    ];

    private static string Raw(ProofMaker proofs, string end) => proofs.Key.Sign(proofs.Header().ToJsonString(), proofs.Claims().ToJsonString()[..^1] + end);

    private static JsonObject Deep(ProofMaker proofs)
    {
        var key = (JsonObject)proofs.Key.Jwk.DeepClone();
        JsonNode deep = new JsonArray();
        for (var i = 0; i < 20; i++)
        {
            deep = new JsonArray(deep);
        }

        key["x5c"] = deep;
        return key;
    }

    private static string Unsigned(ProofMaker proofs) =>
        $"{Encode(ProofMaker.Changed(proofs.Header(), "alg", "none").ToJsonString())}.{Encode(proofs.Claims().ToJsonString())}.";

    private static string Hmac(ProofMaker proofs)
    {
        var signed = $"{Encode(ProofMaker.Changed(proofs.Header(), "alg", "HS256").ToJsonString())}.{Encode(proofs.Claims().ToJsonString())}";
        return $"{signed}.{ClientKey.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(proofs.Key.Jwk.ToJsonString()), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Swapped(ProofMaker proofs)
    {
        var (one, other) = (proofs.Make(), proofs.Make());
        return one[..one.LastIndexOf('.')] + other[other.LastIndexOf('.')..];
    }

    private static string Halved(ProofMaker proofs)
    {
        var proof = proofs.Make();
        var dot = proof.LastIndexOf('.');
        return proof[..(dot + 1)] + ClientKey.Encode(Base64Url.DecodeFromChars(proof.AsSpan(dot + 1))[..32]);
    }

    private static string Elsewhere(ProofMaker proofs, string? scheme = null, string? host = null, int? port = null)
    {
        var address = new UriBuilder(proofs.Address);
        (address.Scheme, address.Host, address.Port) = (scheme ?? address.Scheme, host ?? address.Host, port ?? address.Port);
        return address.Uri.AbsoluteUri;
    }

    private static string Encode(string text) => ClientKey.Encode(Encoding.UTF8.GetBytes(text));
}
