using Pltfrms.Iam.Token.Login;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>An authorization request that waits for its user, or was pushed and waits for a browser.</summary>
public sealed record PendingAuthorization
{
    public required string RealmId { get; init; }

    /// <summary>Of the handle that the browser carries, or of a pushed request's URI.</summary>
    public required string RequestHash { get; init; }

    /// <summary>Of the browser's cookie, without which the handle is worth nothing; null: pushed, no browser yet.</summary>
    public string? BrowserHash { get; init; }

    /// <summary>The pushed request that this one carries out, and spends when it is answered; null: none.</summary>
    public string? PushedHash { get; init; }

    public required AuthorizationRequest Request { get; init; }

    public required AuthorizationProgress Progress { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null: not answered yet.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
}

/// <summary>What has happened to a request so far.</summary>
public sealed record AuthorizationProgress
{
    /// <summary>Of the session that a login for this very request made; null: nobody has logged in for it.</summary>
    public string? SessionHash { get; init; }

    /// <summary>What the user chose; null: nothing.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Of the login challenge that the browser was sent away with; null: none.</summary>
    public string? LoginHash { get; init; }

    /// <summary>Of the <c>state</c> that the browser was sent to the realm's OpenID provider with; null: it was not, or is back.</summary>
    public string? UpstreamHash { get; init; }

    /// <summary>Who was logged in then.</summary>
    public string? LoginUserId { get; init; }

    /// <summary>Where the browser was then: below the shared address, or on the realm's own host.</summary>
    public string? BaseAddress { get; init; }

    /// <summary>What the login application said; null: nothing yet, or it is used up.</summary>
    public LoginAnswer? LoginAnswer { get; init; }

    /// <summary>Of the consent challenge that the browser was sent away with; null: none.</summary>
    public string? ConsentHash { get; init; }

    /// <summary>Who was logged in then.</summary>
    public string? ConsentUserId { get; init; }

    /// <summary>Whose own pages the browser was sent to; null: to nobody's.</summary>
    public string? AccountUserId { get; init; }
}
