namespace Pltfrms.Iam.Token.Conformance;

/// <summary>What a rule is of.</summary>
public enum ConformanceStandard
{
    Rfc9700,

    /// <summary>The OAuth 2.1 Authorization Framework.</summary>
    OAuth21,

    /// <summary>FAPI 2.0 Security Profile.</summary>
    Fapi2,

    /// <summary>OWASP ASVS 5.0, V10.4.</summary>
    Asvs,
}
