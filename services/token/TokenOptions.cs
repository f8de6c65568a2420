namespace Pltfrms.Iam.Token;

/// <summary>What an operator sets in the section <c>Token</c>.</summary>
public sealed class TokenOptions
{
    public const string Section = "Token";

    /// <summary>What issuers begin with; never taken from a request, whose Host header anyone can write.</summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>Where clients find the endpoints that ask for their certificates, where that is not <see cref="PublicAddress"/>; null: there.</summary>
    public string? MutualTlsAddress { get; set; }

    /// <summary>The header in which proxies say which certificate they saw; null: there are no such proxies.</summary>
    public string? ClientCertificateHeader { get; set; }

    /// <summary>The addresses and networks of these proxies. The header of anybody else is nothing.</summary>
    public IReadOnlyList<string> ClientCertificateProxies { get; set; } = [];

    /// <summary>A file with 32 bytes in base64: the key that private keys are encrypted under.</summary>
    public string KeyEncryptionKeyFile { get; set; } = "";

    /// <summary>Files like it, with the keys that were the current one before: what they encrypted is read, and encrypted anew.</summary>
    public IReadOnlyList<string> PreviousKeyEncryptionKeyFiles { get; set; } = [];

    /// <summary>How long others may keep a realm's key set; a new key is announced for longer before it signs.</summary>
    public TimeSpan JwksMaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>For development, on loopback: whoever names a user on the login page is that user, in realms that have no login of their own.</summary>
    public bool DevelopmentLogin { get; set; }

    /// <summary>How many logins, pushed requests and devices one source address may begin in a second; ten times as many at once.</summary>
    public int RequestsPerAddressPerSecond { get; set; } = 100;

    /// <summary>How many codes, refresh tokens and device codes one client may redeem in a second; ten times as many at once.</summary>
    public int RequestsPerClientPerSecond { get; set; } = 1000;

    /// <summary>How many clients one source address may register, or try to, in a minute.</summary>
    public int RegistrationsPerAddressPerMinute { get; set; } = 20;

    /// <summary>How many user codes of devices one source address may try in a minute.</summary>
    public int UserCodesPerAddressPerMinute { get; set; } = 20;

    /// <summary>Whether OpenID providers of realms may be on private networks. On loopback they may be where <see cref="PublicAddress"/> is.</summary>
    public bool ProvidersOnPrivateNetworks { get; set; }

    /// <summary>How often revocations and changed keys made by other replicas are looked for.</summary>
    public TimeSpan RevocationPollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How old what is known of revocations and keys may be before the database is asked for each token.</summary>
    public TimeSpan RevocationStaleAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many token events may wait to be written; what comes then waits for a second at the most, or is dropped.</summary>
    public int TokenEventQueueLength { get; set; } = 50_000;

    /// <summary>How many verified tokens are remembered for each realm.</summary>
    public int VerifiedTokensPerRealm { get; set; } = 10_000;
}
