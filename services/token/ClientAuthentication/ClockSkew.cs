namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>How far a client's clock may be ahead of ours: FAPI 2.0 section 5.3.2.1 has 10 s accepted, and more than 60 s refused.</summary>
public static class ClockSkew
{
    public static TimeSpan Allowed { get; } = TimeSpan.FromSeconds(30);
}
