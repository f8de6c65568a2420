namespace Pltfrms.Iam.Client;

/// <summary>The keys that whoever presents a token must prove to have (RFC 7800); one at least is set.</summary>
public sealed record TokenConfirmation
{
    /// <summary>The SHA-256 thumbprint of a DPoP key, base64url (<c>jkt</c>, RFC 9449 section 6.1).</summary>
    public string? JwkThumbprint { get; init; }

    /// <summary>The SHA-256 hash of a client certificate, base64url (<c>x5t#S256</c>, RFC 8705 section 3.1).</summary>
    public string? CertificateThumbprint { get; init; }
}
