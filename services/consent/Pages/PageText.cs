namespace Pltfrms.Iam.Consent.Pages;

/// <summary>The pages' own words in one language. <c>{0}</c> and the like are places for names.</summary>
public sealed record PageText
{
    /// <summary>RFC 5646.</summary>
    public required string Language { get; init; }

    /// <summary>What the language calls itself.</summary>
    public required string LanguageName { get; init; }

    public required string Languages { get; init; }

    public required ConsentText Consent { get; init; }

    public required ApplicationsText Applications { get; init; }

    public required DelegationsText Delegations { get; init; }

    public required DurationText Durations { get; init; }

    public required ErrorText Errors { get; init; }

    /// <summary>A .NET format, for the invariant culture.</summary>
    public required string TimeFormat { get; init; }

    public required string Verified { get; init; }

    public required string NotVerified { get; init; }

    public required string Organization { get; init; }

    public required string ProvidedBy { get; init; }

    /// <summary>{0}: the resource servers.</summary>
    public required string For { get; init; }

    public required string ListSeparator { get; init; }
}

/// <summary>Words of the consent page.</summary>
public sealed record ConsentText
{
    /// <summary>{0}: the client.</summary>
    public required string Title { get; init; }

    /// <summary>{0}: the client.</summary>
    public required string Heading { get; init; }

    /// <summary>{0}: the user.</summary>
    public required string SignedInAs { get; init; }

    public required string NotVerifiedWarning { get; init; }

    public required string Scopes { get; init; }

    public required string ScopesHint { get; init; }

    public required string Required { get; init; }

    public required string GrantedBefore { get; init; }

    /// <summary>{0}: how long.</summary>
    public required string Lifetime { get; init; }

    public required string OfflineAccess { get; init; }

    public required string Remember { get; init; }

    public required string RememberHint { get; init; }

    public required string Accept { get; init; }

    public required string Deny { get; init; }

    /// <summary>{0}: the time.</summary>
    public required string ExpireTime { get; init; }
}

/// <summary>Words of the page "applications with access".</summary>
public sealed record ApplicationsText
{
    public required string Heading { get; init; }

    public required string Introduction { get; init; }

    /// <summary>{0}: the user.</summary>
    public required string SignedInAs { get; init; }

    public required string None { get; init; }

    public required string Granted { get; init; }

    public required string Denied { get; init; }

    /// <summary>{0}: the time.</summary>
    public required string DecidedAt { get; init; }

    /// <summary>{0}: the time.</summary>
    public required string HoldsUntil { get; init; }

    /// <summary>{0}: the time.</summary>
    public required string LastUsedAt { get; init; }

    public required string NotUsed { get; init; }

    /// <summary>{0}: the scope.</summary>
    public required string Allow { get; init; }

    /// <summary>{0}: the scope.</summary>
    public required string Deny { get; init; }

    /// <summary>{0}: the scope.</summary>
    public required string Forget { get; init; }

    /// <summary>{0}: the client.</summary>
    public required string Revoke { get; init; }

    public required string AllowButton { get; init; }

    public required string DenyButton { get; init; }

    public required string ForgetButton { get; init; }

    public required string RevokeButton { get; init; }

    public required string Changed { get; init; }

    /// <summary>Where the token service could not be told yet.</summary>
    public required string ChangePending { get; init; }

    /// <summary>Where the token service cannot be asked.</summary>
    public required string GrantsUnknown { get; init; }

    public required string Leave { get; init; }

    public required string Receipts { get; init; }

    public required string Left { get; init; }

    public required string LeftHint { get; init; }
}

/// <summary>Units of time, each as one and as many; {0}: how many.</summary>
public sealed record DurationText
{
    public required (string One, string Many) Days { get; init; }

    public required (string One, string Many) Hours { get; init; }

    public required (string One, string Many) Minutes { get; init; }

    public required (string One, string Many) Seconds { get; init; }
}

/// <summary>What users are told where something does not work: heading and advice.</summary>
public sealed record ErrorText
{
    public required string WayBack { get; init; }

    public required (string Heading, string Advice) NotFound { get; init; }

    public required (string Heading, string Advice) Answered { get; init; }

    public required (string Heading, string Advice) BadRequest { get; init; }

    public required (string Heading, string Advice) NotOffered { get; init; }

    public required (string Heading, string Advice) NotSignedIn { get; init; }

    public required (string Heading, string Advice) Unavailable { get; init; }

    public required (string Heading, string Advice) Failed { get; init; }
}
