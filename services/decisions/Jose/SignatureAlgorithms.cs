namespace Pltfrms.Iam.Common.Jose;

/// <summary>The signature algorithms that clients may use (RFC 7518 section 3.1): none without a key pair.</summary>
public static class SignatureAlgorithms
{
    public const string Es256 = "ES256";
    public const string Es384 = "ES384";
    public const string Ps256 = "PS256";

    /// <summary>Only for a key that says so: its padding is the old one (RFC 8017 section 8).</summary>
    public const string Rs256 = "RS256";

    public static IReadOnlyList<string> All { get; } = [Es256, Es384, Ps256, Rs256];
}
