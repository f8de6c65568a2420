namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>What a user is asked, in one language.</summary>
public sealed record ChallengeView
{
    public required string RealmDisplayName { get; init; }

    public required ClientView Client { get; init; }

    public required string UserId { get; init; }

    public required string UserDisplayName { get; init; }

    /// <summary>Empty: none.</summary>
    public required string OrganizationId { get; init; }

    public required string OrganizationDisplayName { get; init; }

    /// <summary>What the user decides about now.</summary>
    public required IReadOnlyList<ScopeView> Scopes { get; init; }

    /// <summary>What the user granted before, which stays granted.</summary>
    public required IReadOnlyList<ScopeView> GrantedScopes { get; init; }

    /// <summary>What the client asks for beyond scopes, about which the user decides each time.</summary>
    public IReadOnlyList<DetailView> Details { get; init; } = [];

    public required bool OfflineAccess { get; init; }

    public required TimeSpan Lifetime { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>RFC 5646.</summary>
    public required string Language { get; init; }
}

/// <summary>A client as users see it.</summary>
public sealed record ClientView
{
    public required string ClientId { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>A <c>data:</c> URI; empty: none.</summary>
    public required string Logo { get; init; }

    public required bool Verified { get; init; }

    /// <summary>Empty: the realm.</summary>
    public required string OwnerOrganizationId { get; init; }

    public required string OwnerDisplayName { get; init; }
}

/// <summary>A scope as users see it.</summary>
public sealed record ScopeView
{
    /// <summary>Its technical name.</summary>
    public required string Scope { get; init; }

    /// <summary>Empty: the server has no text.</summary>
    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>RFC 5646; empty: the server has no text.</summary>
    public required string Language { get; init; }

    /// <summary>Whether a user interface shows its own text, or else the technical name.</summary>
    public bool ClientTranslates => Title.Length == 0;

    /// <summary>Names for people.</summary>
    public required IReadOnlyList<string> ResourceServers { get; init; }

    public required bool Required { get; init; }

    /// <summary>Of the text in this language.</summary>
    public required string TextVersion { get; init; }
}
