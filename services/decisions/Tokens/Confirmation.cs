namespace Pltfrms.Iam.Common.Tokens;

/// <summary>The keys with which whoever presents a token must prove that it is theirs (RFC 7800, the claim <c>cnf</c>): one at least.</summary>
public sealed record Confirmation
{
    public const string BearerType = "Bearer";
    public const string DpopType = "DPoP";

    /// <summary>RFC 9449 section 6.1, <c>jkt</c>: the SHA-256 thumbprint of a public key (RFC 7638) in base64url; null: no such key.</summary>
    public string? JwkThumbprint { get; init; }

    /// <summary>RFC 8705 section 3.1, <c>x5t#S256</c>: the SHA-256 hash of a certificate in base64url; null: no certificate.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Null where there is neither: whoever has the token may use it.</summary>
    public static Confirmation? Of(string? jwkThumbprint, string? certificateThumbprint) =>
        jwkThumbprint is null && certificateThumbprint is null
            ? null
            : new Confirmation { JwkThumbprint = jwkThumbprint, CertificateThumbprint = certificateThumbprint };

    /// <summary>How a token is presented: as DPoP where it is bound to such a key (RFC 9449 section 5), else as Bearer, with or without a certificate.</summary>
    public static string TokenTypeOf(Confirmation? confirmation) => confirmation?.JwkThumbprint is null ? BearerType : DpopType;

    /// <summary>Whether who has proven to have some keys has all those that something is bound to.</summary>
    /// <param name="required">What it is bound to; null: to nothing.</param>
    /// <param name="proven">What was proven; null: nothing.</param>
    public static bool Holds(Confirmation? required, Confirmation? proven) =>
        required is null
        || ((required.JwkThumbprint is null || required.JwkThumbprint == proven?.JwkThumbprint)
            && (required.CertificateThumbprint is null || required.CertificateThumbprint == proven?.CertificateThumbprint));
}
