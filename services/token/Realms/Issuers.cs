namespace Pltfrms.Iam.Token.Realms;

/// <summary>A realm's issuer identifier and the addresses below it (RFC 8414 section 2).</summary>
public sealed class Issuers(TokenOptions options)
{
    private readonly string _prefix = $"{options.PublicAddress.TrimEnd('/')}/realms/";

    public string Of(string realmId) => _prefix + realmId;

    /// <summary>Whether an issuer is this realm's, without making a string of it.</summary>
    public bool IsOf(string issuer, string realmId) =>
        issuer.Length == _prefix.Length + realmId.Length
        && issuer.StartsWith(_prefix, StringComparison.Ordinal)
        && issuer.EndsWith(realmId, StringComparison.Ordinal);
}
