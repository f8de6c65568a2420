namespace Pltfrms.Iam.Client;

/// <summary>How this application reaches the token service, and as which client. Bound from the configuration section <c>Iam</c>.</summary>
/// <remarks>A null in the configuration is bound like any other value, and is the same as an empty text.</remarks>
public sealed class IamClientOptions
{
    /// <summary>The configuration section that <c>AddPltfrmsIam</c> reads.</summary>
    public const string SectionName = "Iam";

    /// <summary>The name of the <see cref="HttpClient"/> that reads the realm's keys, for who must configure it.</summary>
    public const string KeysHttpClient = "Pltfrms.Iam.Client.Keys";

    /// <summary>The token service's gRPC address: <c>https://host:port</c>, or <c>http://host:port</c> for HTTP/2 without TLS.</summary>
    public Uri? Address { get; set; }

    /// <summary>The realm that this application lives in.</summary>
    public string RealmId { get; set => field = value ?? ""; } = "";

    /// <summary>The client that this application is.</summary>
    public string ClientId { get; set => field = value ?? ""; } = "";

    /// <summary>Sensitive: the client's secret (RFC 6749 section 2.3.1); empty where it has a key instead.</summary>
    public string ClientSecret { get; set => field = value ?? ""; } = "";

    /// <summary>
    /// A file with the client's private key in PEM, in place of a secret (private_key_jwt, RFC 7523): EC of P-256 or P-384, or RSA. The realm knows
    /// the public one from the client's <c>jwks</c> or <c>jwks_uri</c>. Needs <see cref="Issuer"/>.
    /// </summary>
    public string PrivateKeyFile { get; set => field = value ?? ""; } = "";

    /// <summary>Sensitive: the same as text, where it is in no file.</summary>
    public string PrivateKey { get; set => field = value ?? ""; } = "";

    /// <summary>The <c>kid</c> of that key; empty: the client has one key only.</summary>
    public string KeyId { get; set => field = value ?? ""; } = "";

    /// <summary>
    /// Whether this application's tokens are bound to a key (DPoP, RFC 9449): a new one at each start unless <see cref="DpopKeyFile"/> or
    /// <see cref="DpopKey"/> has one, which implies this. Needs <see cref="Issuer"/>.
    /// </summary>
    public bool UseDpop { get; set; }

    /// <summary>A file with the private key, in PEM, that tokens are bound to: EC of P-256 or P-384, or RSA.</summary>
    public string DpopKeyFile { get; set => field = value ?? ""; } = "";

    /// <summary>Sensitive: the same as text, where it is in no file.</summary>
    public string DpopKey { get; set => field = value ?? ""; } = "";

    /// <summary>
    /// Whether <see cref="IamClient"/> makes its own calls with tokens that are bound to nothing although this application has a DPoP key: a proof costs
    /// each call a signature here, and its verification and a row at the token service. Not where the realm gives this client bound tokens only.
    /// </summary>
    public bool UnboundCalls { get; set; }

    /// <summary>How long a call may take, waiting for an access token and a retry included. 2 s unless told.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long before its expiry a token that is in use is renewed in the background, at most a fifth of its lifetime.
    /// 1 min unless told.
    /// </summary>
    public TimeSpan RenewAhead { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many different tokens are kept; beyond it the one unused for longest is dropped. 1,000 unless told.</summary>
    public int MaxCachedTokens { get; set; } = 1000;

    /// <summary>Where answers come from, unless a call says otherwise. <see cref="IamMode.Remote"/> unless told.</summary>
    public IamMode Mode { get; set; } = IamMode.Remote;

    /// <summary>How long an answer is given again in the mode <see cref="IamMode.Cached"/>. 5 s unless told.</summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many answers are kept in the mode <see cref="IamMode.Cached"/>. 10,000 unless told.</summary>
    public int MaxCachedAnswers { get; set; } = 10_000;

    /// <summary>
    /// Whether the realm and its revocations are followed from the start: the mode <see cref="IamMode.Local"/> decides with them, the mode
    /// <see cref="IamMode.Cached"/> drops answers by them. Unless told: where <see cref="Mode"/> is local. Needs both permissions, and this
    /// client to be a resource server's.
    /// </summary>
    public bool? WatchFeeds { get; set; }

    /// <summary>How old what the streams brought may be to decide with it. 2 s unless told, at least 1 s.</summary>
    public TimeSpan FeedStaleAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many tokens are remembered as verified in the mode <see cref="IamMode.Local"/>. 10,000 unless told.</summary>
    public int MaxKnownTokens { get; set; } = 10_000;

    /// <summary>The realm's issuer, below which its keys are found. Unless told: as this application's own token names it.</summary>
    public Uri? Issuer { get; set; }

    /// <summary>
    /// The scopes that <see cref="IamClient"/> asks for to make its own calls. Empty, as unless told: those for introspection
    /// and checks. Name them where this client is registered for one of the two only.
    /// </summary>
    public IList<string> CallScopes { get; } = [];
}
