namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>A set of rules that go together.</summary>
public enum SecurityProfile
{
    /// <summary>RFC 9700.</summary>
    None,

    /// <summary>FAPI 2.0 Security Profile.</summary>
    Fapi2,
}
