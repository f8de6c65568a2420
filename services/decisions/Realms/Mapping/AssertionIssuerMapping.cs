using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class AssertionIssuerMapping
{
    public static Wire.AssertionIssuer ToWire(this AssertionIssuer issuer)
    {
        var wire = new Wire.AssertionIssuer
        {
            Name = issuer.Name,
            Disabled = issuer.Disabled,
            Jwks = issuer.Jwks ?? "",
            Algorithms = { issuer.Algorithms },
            ClientIds = { issuer.ClientIds },
            Scopes = { issuer.Scopes },
            OrganizationIds = { issuer.OrganizationIds },
            Subject = ToWire(issuer.Subject),
            UserIdClaim = issuer.UserIdClaim ?? "",
            CreateUsers = issuer.CreateUsers,
            AssertsRoles = issuer.AssertsRoles,
            MaxAssertionLifetime = Unless(issuer.MaxAssertionLifetime, AssertionIssuer.UsualMaxAssertionLifetime),
            MaxLifetime = Unless(issuer.MaxLifetime, AssertionIssuer.UsualMaxLifetime),
            SubjectClientIds = { issuer.SubjectClientIds },
            Rules = { issuer.Rules.Select(ToWire) },
        };
        if (issuer.TrustedRealmId is { } realmId)
        {
            wire.TrustedRealmId = realmId;
        }
        else
        {
            wire.Issuer = issuer.Issuer ?? "";
        }

        return wire;
    }

    public static AssertionIssuer ToRecord(this Wire.AssertionIssuer issuer) => new()
    {
        Name = issuer.Name,
        Disabled = issuer.Disabled,
        Issuer = WireValues.NullIfEmpty(issuer.Issuer),
        TrustedRealmId = WireValues.NullIfEmpty(issuer.TrustedRealmId),
        Jwks = WireValues.NullIfEmpty(issuer.Jwks),
        Algorithms = [.. issuer.Algorithms],
        ClientIds = [.. issuer.ClientIds],
        Scopes = [.. issuer.Scopes],
        OrganizationIds = [.. issuer.OrganizationIds],
        Subject = ToRecord(issuer.Subject),
        UserIdClaim = WireValues.NullIfEmpty(issuer.UserIdClaim),
        CreateUsers = issuer.CreateUsers,
        AssertsRoles = issuer.AssertsRoles,
        MaxAssertionLifetime = issuer.MaxAssertionLifetime?.ToTimeSpan() ?? AssertionIssuer.UsualMaxAssertionLifetime,
        MaxLifetime = issuer.MaxLifetime?.ToTimeSpan() ?? AssertionIssuer.UsualMaxLifetime,
        SubjectClientIds = [.. issuer.SubjectClientIds],
        Rules = issuer.Rules.Select(ToRecord).ToValueList(),
    };

    private static Wire.AssertionRule ToWire(AssertionRule rule) => new()
    {
        Name = rule.Name,
        Claims = { rule.Claims.Select(condition => new Wire.ClaimCondition { Claim = condition.Claim, Values = { condition.Values } }) },
        Scopes = { rule.Scopes },
        RoleIds = { rule.RoleIds },
    };

    private static AssertionRule ToRecord(Wire.AssertionRule rule) => new()
    {
        Name = rule.Name,
        Claims = rule.Claims.Select(condition => new ClaimCondition { Claim = condition.Claim, Values = [.. condition.Values] }).ToValueList(),
        Scopes = [.. rule.Scopes],
        RoleIds = [.. rule.RoleIds],
    };

    private static Wire.AssertionSubject ToWire(AssertionSubject subject) => subject switch
    {
        AssertionSubject.ExternalIdentity => Wire.AssertionSubject.ExternalIdentity,
        AssertionSubject.UserId => Wire.AssertionSubject.UserId,
        AssertionSubject.PresentingClient => Wire.AssertionSubject.PresentingClient,
        _ => throw WireValues.Unknown(subject),
    };

    private static AssertionSubject ToRecord(Wire.AssertionSubject subject) => subject switch
    {
        Wire.AssertionSubject.Unspecified or Wire.AssertionSubject.ExternalIdentity => AssertionSubject.ExternalIdentity,
        Wire.AssertionSubject.UserId => AssertionSubject.UserId,
        Wire.AssertionSubject.PresentingClient => AssertionSubject.PresentingClient,
        _ => throw WireValues.Unknown(subject),
    };

    private static Duration? Unless(TimeSpan lifetime, TimeSpan usual) => lifetime == usual ? null : Duration.FromTimeSpan(lifetime);
}
