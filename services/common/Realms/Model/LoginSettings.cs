namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>Who authenticates a realm's users.</summary>
public sealed record LoginSettings
{
    /// <summary>The realm's own login application; null: nobody, but in development a page that asks for a username.</summary>
    public string? CustomLoginUri { get; init; }
}
