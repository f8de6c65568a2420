using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>What a client asks a user for, as the token service passes it on.</summary>
public sealed record ConsentRequest
{
    public required string RealmId { get; init; }

    public required string UserId { get; init; }

    public required string ClientId { get; init; }

    public required string GrantType { get; init; }

    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>What is asked for beyond scopes (RFC 9396); the token service has checked it.</summary>
    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    /// <summary>Empty: none.</summary>
    public string OrganizationId { get; init; } = "";

    public LoginFacts Login { get; init; } = new();

    /// <summary>Best first (RFC 5646).</summary>
    public ValueList<string> UiLocales { get; init; } = [];

    /// <summary>The user must be asked, whatever is recorded.</summary>
    public bool PromptConsent { get; init; }

    /// <summary>The user must not be asked.</summary>
    public bool PromptNone { get; init; }

    /// <summary>Where the browser comes back to, with <c>consent_challenge</c> added.</summary>
    public string ReturnUri { get; init; } = "";

    public bool OfflineAccess { get; init; }

    /// <summary>Null: the access token's.</summary>
    public TimeSpan? Lifetime { get; init; }
}

/// <summary>What is known of the user's login.</summary>
public sealed record LoginFacts
{
    /// <summary>Empty: unknown.</summary>
    public string Acr { get; init; } = "";

    public ValueList<string> Amr { get; init; } = [];

    public ValueList<string> RoleIds { get; init; } = [];

    /// <summary>Empty: unknown.</summary>
    public string SourceAddress { get; init; } = "";
}
