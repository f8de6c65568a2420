using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>A user at the page "applications with access", or a link that lets the user in once.</summary>
public sealed record SelfServiceVisit
{
    public required string RealmId { get; init; }

    /// <summary>SHA-256 of the value that the browser has, lower-case hexadecimal.</summary>
    public required string SecretHash { get; init; }

    public required bool IsLink { get; init; }

    public required string UserId { get; init; }

    /// <summary>Best first (RFC 5646).</summary>
    public ValueList<string> UiLocales { get; init; } = [];

    /// <summary>Where the browser has yet to show whose it is, before the page opens to it; null: the page is open.</summary>
    public string? ReturnUri { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
