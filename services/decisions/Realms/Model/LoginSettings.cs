namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>Who authenticates a realm's users: one of these, or nobody, but in development a page that asks for a username.</summary>
public sealed record LoginSettings
{
    /// <summary>An OpenID provider; null: none.</summary>
    public UpstreamProvider? Upstream { get; init; }

    /// <summary>The realm's own login application; null: none.</summary>
    public string? CustomLoginUri { get; init; }
}
