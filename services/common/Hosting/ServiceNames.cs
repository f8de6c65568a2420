namespace Pltfrms.Iam.Common.Hosting;

/// <summary>What the services call each other: issuers and audiences of service assertions, keys of <c>TrustedServices</c>.</summary>
public static class ServiceNames
{
    public const string RealmAdmin = "realm-admin";

    public const string Token = "token";

    public const string Consent = "consent";

    internal static readonly string[] All = [RealmAdmin, Token, Consent];
}
