using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>assertion_issuers</c>. What a list does not name is not allowed, so the lists that matter must not be empty.</summary>
internal static class AssertionIssuersSection
{
    private const int MostIssuers = 50;
    private const int MostRules = 200;
    private const int MostConditions = 10;
    private const string Scope = "scope";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static ValueList<AssertionIssuer> Read(Fields realm, References references, string? realmId)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> sources = new(StringComparer.Ordinal);
        return realm.Each("assertion_issuers", Read, MostIssuers).OrderBy(issuer => issuer.Name, StringComparer.Ordinal).ToValueList();

        AssertionIssuer Read(Fields fields)
        {
            var issuer = Issuer(fields, names);
            CheckSource(fields, issuer, sources, realmId);
            return issuer with
            {
                ClientIds = Required(fields, "client_ids", fields.ReferenceSet("client_ids", ReferenceKind.Client, Rules.Id)),
                Scopes = Required(fields, "scopes", fields.ReferenceSet("scopes", ReferenceKind.Scope, Rules.ScopeName)),
                OrganizationIds = fields.ReferenceSet("organization_ids", ReferenceKind.Organization, Rules.Id),
                Rules = RulesOf(fields, issuer.TrustedRealmId is not null),
            };
        }
    }

    private static AssertionIssuer Issuer(Fields fields, HashSet<string> names) => new()
    {
        Name = UniqueName(fields, names, "the issuers"),
        Disabled = fields.Flag("disabled"),
        Issuer = fields.Text("issuer", Rules.Issuer),
        TrustedRealmId = fields.Text("trusted_realm_id", Rules.RealmId),
        Jwks = fields.Text("jwks", Rules.Jwks),
        Algorithms = fields.Set("algorithms", Rules.SignatureAlgorithm),
        Subject = fields.Choice<AssertionSubject>("subject") ?? AssertionSubject.ExternalIdentity,
        UserIdClaim = fields.Text("user_id_claim", Rules.Claim),
        CreateUsers = fields.Flag("create_users"),
        AssertsRoles = fields.Flag("asserts_roles"),
        MaxAssertionLifetime = fields.Duration("max_assertion_lifetime", Longest) ?? AssertionIssuer.UsualMaxAssertionLifetime,
        MaxLifetime = fields.Duration("max_lifetime", Longest) ?? AssertionIssuer.UsualMaxLifetime,
        SubjectClientIds = fields.Set("subject_client_ids", Rules.Id),
    };

    private static void CheckSource(Fields fields, AssertionIssuer issuer, HashSet<string> sources, string? realmId)
    {
        var isRealm = fields.Has("trusted_realm_id");
        if (isRealm == fields.Has("issuer"))
        {
            fields.Error("issuer", isRealm ? "must not be set beside trusted_realm_id" : "is required, or trusted_realm_id");
        }

        var key = isRealm ? "trusted_realm_id" : "issuer";
        if ((issuer.TrustedRealmId ?? issuer.Issuer) is { } source && !sources.Add(source))
        {
            fields.Error(key, "must be unique among the issuers");
        }

        if (isRealm && issuer.TrustedRealmId == realmId)
        {
            fields.Error(key, "must be another realm");
        }

        string[] foreign = isRealm ? ["jwks", "algorithms", "user_id_claim", "max_assertion_lifetime"] : ["subject_client_ids"];
        foreach (var other in foreign.Where(fields.Has))
        {
            fields.Error(other, isRealm ? "is not for a realm" : "is for a realm only");
        }

        if (isRealm)
        {
            Required(fields, "subject_client_ids", issuer.SubjectClientIds);
        }

        CheckSubject(fields, issuer);
    }

    private static void CheckSubject(Fields fields, AssertionIssuer issuer)
    {
        if (issuer.CreateUsers && issuer.Subject != AssertionSubject.ExternalIdentity)
        {
            fields.Error("create_users", "is for the subject external_identity only");
        }

        if (issuer.UserIdClaim is not null && issuer.Subject != AssertionSubject.UserId)
        {
            fields.Error("user_id_claim", "is for the subject user_id only");
        }
    }

    private static ValueList<AssertionRule> RulesOf(Fields fields, bool isRealm)
    {
        if (isRealm && fields.Items("rules").Count == 0)
        {
            fields.Error("rules", "is required: what a scope of the realm stands for");
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        return fields.Each("rules", rule => Rule(rule, names, isRealm), MostRules).ToValueList();
    }

    private static AssertionRule Rule(Fields fields, HashSet<string> names, bool isRealm)
    {
        var name = UniqueName(fields, names, "the issuer's rules");
        var claims = fields.Each("claims", Condition, MostConditions).ToValueList();
        if (claims.Count == 0)
        {
            fields.Error("claims", "is required");
        }
        else if (isRealm && claims.All(condition => condition.Claim != Scope))
        {
            fields.Error("claims", "must have a condition on scope: a realm is trusted scope by scope");
        }

        return new AssertionRule
        {
            Name = name,
            Claims = claims,
            Scopes = fields.ReferenceSet("scopes", ReferenceKind.Scope, Rules.ScopeName),
            RoleIds = fields.ReferenceSet("role_ids", ReferenceKind.Role, Rules.Id),
        };
    }

    private static ClaimCondition Condition(Fields fields) => new()
    {
        Claim = fields.RequiredText("claim", Rules.Claim) ?? "",
        Values = Required(fields, "values", fields.Set("values", Rules.ClaimValue)),
    };

    private static string UniqueName(Fields fields, HashSet<string> names, string among)
    {
        var name = fields.RequiredText("name", Rules.Id);
        if (name is not null && !names.Add(name))
        {
            fields.Error("name", $"must be unique among {among}");
        }

        return name ?? "";
    }

    private static ValueList<string> Required(Fields fields, string key, ValueList<string> values)
    {
        if (!fields.Has(key) || fields.Items(key).Count == 0)
        {
            fields.Error(key, "is required");
        }

        return values;
    }
}
