using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>A checked authorization request (RFC 6749 section 4.1.1, RFC 7636, RFC 8707, OpenID Connect Core section 3.1.2.1).</summary>
public sealed record AuthorizationRequest
{
    /// <summary>Empty: none, the user is on the way to own pages.</summary>
    public required string ClientId { get; init; }

    /// <summary>Whether the user is on the way to the page "applications with access", and no client waits for an answer.</summary>
    public bool IsForAccount { get; init; }

    /// <summary>The device that waits for the answer; null: the client gets it by redirect.</summary>
    public string? DeviceHash { get; init; }

    /// <summary>As sent, and registered; empty: no client gets an answer by redirect.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>As sent; null: none.</summary>
    public string? State { get; init; }

    public ResponseMode ResponseMode { get; init; }

    /// <summary>S256; empty where there is no redirect URI.</summary>
    public required string CodeChallenge { get; init; }

    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>Exists and is usable; null: none asked for.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>RFC 9396: known to the realm, valid, and the client's to ask for.</summary>
    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    /// <summary>The audiences of resource servers; empty: all that the scopes belong to.</summary>
    public ValueList<string> Resources { get; init; } = [];

    public Prompts Prompt { get; init; }

    /// <summary>In seconds; null: any.</summary>
    public int? MaxAge { get; init; }

    /// <summary>Empty: any.</summary>
    public ValueList<string> AcrValues { get; init; } = [];

    public string? LoginHint { get; init; }

    /// <summary>Of the key that the code is bound to (RFC 9449 section 10); null: none.</summary>
    public string? DpopThumbprint { get; init; }

    /// <summary>Best first (RFC 5646).</summary>
    public ValueList<string> UiLocales { get; init; } = [];
}

/// <summary>How the client gets the answer.</summary>
public enum ResponseMode
{
    /// <summary>In the redirect URI's query.</summary>
    Query,

    /// <summary>OAuth 2.0 Form Post Response Mode.</summary>
    FormPost,
}

/// <summary>What the user must or must not be asked.</summary>
[Flags]
public enum Prompts
{
    /// <summary>What is needed.</summary>
    Unset = 0,

    /// <summary>Nothing.</summary>
    None = 1,

    /// <summary>To log in, also where somebody is logged in.</summary>
    Login = 2,

    /// <summary>For consent, also where it is recorded.</summary>
    Consent = 4,
}
