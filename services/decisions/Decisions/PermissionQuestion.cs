using System.Net;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Tokens;

namespace Pltfrms.Iam.Common.Decisions;

/// <summary>Who wants to act: exactly one of the two is set.</summary>
/// <param name="AccessToken">Sensitive: limits the answer by its scopes, audience and organization.</param>
/// <param name="Principal">The decision alone.</param>
public readonly record struct CheckSubject(string? AccessToken, Principal? Principal);

/// <summary>In which circumstances somebody wants to act.</summary>
public readonly record struct CheckContext
{
    /// <summary>Null: the token's organization, else the realm itself.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The resource server that asks; null: whichever declares the permission.</summary>
    public string? Audience { get; init; }

    public IPAddress? SourceAddress { get; init; }

    /// <summary>Ignored where a token carries one.</summary>
    public string? Acr { get; init; }
}

/// <summary>One question.</summary>
public sealed record PermissionQuestion
{
    public required CheckSubject Subject { get; init; }

    public required string Permission { get; init; }

    /// <summary>What is acted on; null: not told, so a token's scopes must cover the permission.</summary>
    public ResourceReference? Resource { get; init; }

    public CheckContext Context { get; init; }

    /// <summary>How the access token was presented; null: nobody says.</summary>
    public TokenPresentation? Presentation { get; init; }

    public bool IncludeTrace { get; init; }
}
