using System.Net;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>What the pure steps of the scope pipeline look at besides the realm.</summary>
public sealed record ScopeRequest
{
    public required Client Client { get; init; }

    /// <summary>The user who logged in or, for machine grants, the client itself.</summary>
    public required Principal Principal { get; init; }

    public required string GrantType { get; init; }

    /// <summary>As the client sent them.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Whether authorization details are asked for (RFC 9396): that there are no scopes is then meant.</summary>
    public bool HasDetails { get; init; }

    /// <summary>Null: none was asked for.</summary>
    public string? OrganizationId { get; init; }

    public string? Acr { get; init; }

    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>The role claims of the login.</summary>
    public IReadOnlyList<string> LoginRoleIds { get; init; } = [];

    public IPAddress? SourceAddress { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the outcome lists what each step did; left out where tokens are issued and nobody reads it.</summary>
    public bool Explain { get; init; }
}
