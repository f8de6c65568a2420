namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>What the token service writes down of the realm's tokens, and for how long.</summary>
public sealed record AuditSettings
{
    /// <summary>Whether anything is written down when tokens are issued, refused and revoked.</summary>
    public bool TokenEvents { get; init; } = true;

    /// <summary>Whether nothing is answered before what happened is on disk; else it is written soon after.</summary>
    public bool DurableAudit { get; init; }

    /// <summary>How long token events are kept.</summary>
    public TimeSpan TokenEventRetention { get; init; } = TimeSpan.FromDays(30);
}
