using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes <c>assertion_issuers</c>.</summary>
internal static class AssertionIssuersWriter
{
    public static void Write(YamlWriter yaml, ValueList<AssertionIssuer> issuers)
    {
        if (issuers.Count > 0)
        {
            yaml.Gap().Each("assertion_issuers", issuers, issuer => WriteIssuer(yaml, issuer));
        }
    }

    private static void WriteIssuer(YamlWriter yaml, AssertionIssuer issuer) => yaml
        .Text("name", issuer.Name)
        .Flag("disabled", issuer.Disabled)
        .Text("issuer", issuer.Issuer)
        .Text("trusted_realm_id", issuer.TrustedRealmId)
        .Text("jwks", issuer.Jwks)
        .Texts("algorithms", issuer.Algorithms)
        .Texts("client_ids", issuer.ClientIds)
        .Texts("scopes", issuer.Scopes)
        .Texts("organization_ids", issuer.OrganizationIds)
        .Plain("subject", issuer.Subject == AssertionSubject.ExternalIdentity ? null : StoredNames.Of(issuer.Subject))
        .Text("user_id_claim", issuer.UserIdClaim)
        .Flag("create_users", issuer.CreateUsers)
        .Flag("asserts_roles", issuer.AssertsRoles)
        .Plain("max_assertion_lifetime", Unless(issuer.MaxAssertionLifetime, AssertionIssuer.UsualMaxAssertionLifetime))
        .Plain("max_lifetime", Unless(issuer.MaxLifetime, AssertionIssuer.UsualMaxLifetime))
        .Texts("subject_client_ids", issuer.SubjectClientIds)
        .Each("rules", issuer.Rules, rule => WriteRule(yaml, rule));

    private static void WriteRule(YamlWriter yaml, AssertionRule rule) => yaml
        .Text("name", rule.Name)
        .Each("claims", rule.Claims, condition => yaml.Text("claim", condition.Claim).Texts("values", condition.Values))
        .Texts("scopes", rule.Scopes)
        .Texts("role_ids", rule.RoleIds);

    private static string? Unless(TimeSpan lifetime, TimeSpan usual) => lifetime == usual ? null : Values.Write(lifetime);
}
