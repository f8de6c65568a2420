using System.Net;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;

namespace Pltfrms.Iam.Token.Consent;

/// <summary>Asks what a user grants to a client.</summary>
public sealed record ConsentQuestion
{
    public required string RealmId { get; init; }

    public required string UserId { get; init; }

    public required string ClientId { get; init; }

    public required string GrantType { get; init; }

    /// <summary>As the client asked.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Checked.</summary>
    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    /// <summary>Null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Empty: unknown.</summary>
    public string Acr { get; init; } = "";

    public ValueList<string> Amr { get; init; } = [];

    public ValueList<string> LoginRoleIds { get; init; } = [];

    public IPAddress? SourceAddress { get; init; }

    public ValueList<string> UiLocales { get; init; } = [];

    /// <summary>Whether the user must be asked, whatever is recorded.</summary>
    public bool MustAsk { get; init; }

    /// <summary>Whether the user must not be asked.</summary>
    public bool MayNotAsk { get; init; }

    /// <summary>Where the browser comes back to.</summary>
    public required string ReturnUri { get; init; }

    /// <summary>Whether the client gets a refresh token.</summary>
    public bool OfflineAccess { get; init; }

    /// <summary>How long the access lasts at the most.</summary>
    public TimeSpan Lifetime { get; init; }
}

/// <summary>What was granted.</summary>
public sealed record ConsentOutcome
{
    /// <summary>The run of the scope pipeline, for those who ask why.</summary>
    public required string AuthorizationId { get; init; }

    public required ValueList<string> Scopes { get; init; }

    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    public required string UserId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null: none.</summary>
    public string? OrganizationId { get; init; }
}

/// <summary>The outcome, or where the user is asked; one of them is set.</summary>
/// <param name="Outcome">What is granted without asking.</param>
/// <param name="Challenge">Sensitive: what the browser brings back.</param>
/// <param name="RedirectTo">Where the user is asked.</param>
public sealed record ConsentStart(ConsentOutcome? Outcome, string? Challenge, string? RedirectTo);
