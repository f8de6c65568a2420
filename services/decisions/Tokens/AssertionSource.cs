using Pltfrms.Iam.Common.Permissions;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>Whose word a token comes of, with which it stands and falls, and what that word limits.</summary>
public sealed record AssertionSource
{
    /// <summary>Under which the issuer is registered in the realm.</summary>
    public required string Name { get; init; }

    /// <summary>The <c>iss</c> of the assertion; null: it was a token of a realm.</summary>
    public string? Issuer { get; init; }

    /// <summary>The client that presented it.</summary>
    public required string ClientId { get; init; }

    /// <summary>The versions of the registration's rules that held.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>The roles beyond which the token is good for nothing; empty: they do not limit it.</summary>
    public IReadOnlyList<string> RoleIds { get; init; } = [];

    /// <summary>Whether the subject has these roles by this token, and not only by the realm's bindings.</summary>
    public bool AssertsRoles { get; init; }

    /// <summary>Null: it was no token of a realm.</summary>
    public RealmTokenOrigin? Token { get; init; }
}

/// <summary>The access token of another realm that was taken as an assertion: all that is needed to know whether it is still good there.</summary>
public sealed record RealmTokenOrigin
{
    public required string RealmId { get; init; }

    public required Principal Subject { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null: it was tied to none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Its own id and those of its grant, its key and the tokens that it was exchanged from.</summary>
    public required IReadOnlyList<string> Ids { get; init; }
}
