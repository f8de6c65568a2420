using System.Net;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>What a grant looks at.</summary>
public sealed record GrantRequest
{
    public required RealmSnapshot Realm { get; init; }

    /// <summary>Authenticated, and registered for the grant.</summary>
    public required Client Client { get; init; }

    /// <summary>As asked for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>RFC 9396: known to the realm, valid, and the client's to ask for; empty: none asked for.</summary>
    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    /// <summary>Exists and is enabled; null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Null: every resource server that the granted scopes belong to.</summary>
    public string? Audience { get; init; }

    public IPAddress? SourceAddress { get; init; }

    /// <summary>The keys that the sender has proven to have; what is issued is bound to them. Null: none.</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>The request as it came, for what only one grant knows.</summary>
    public required TokenRequest Parameters { get; init; }

    /// <summary>Notes that what was presented had been used before; who ends what came of it.</summary>
    /// <param name="grantType">The grant that would have taken it.</param>
    internal Revoker Reuse(string grantType)
    {
        Parameters.Trail.IsReuse = true;
        return Revoker.Reuse(grantType, SourceAddress, Parameters.CorrelationId);
    }
}
