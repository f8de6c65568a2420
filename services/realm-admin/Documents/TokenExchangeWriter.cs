using System.Globalization;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes <c>token_exchange</c>.</summary>
internal static class TokenExchangeWriter
{
    private static readonly TokenExchangeSettings Unset = new();

    public static void Write(YamlWriter yaml, TokenExchangeSettings settings)
    {
        if (settings != Unset)
        {
            yaml.Gap().Mapping("token_exchange", () => yaml
                .Plain("max_actors", settings.MaxActors == Unset.MaxActors ? null : settings.MaxActors.ToString(CultureInfo.InvariantCulture))
                .Each("rules", settings.Rules, rule => WriteRule(yaml, rule)));
        }
    }

    private static void WriteRule(YamlWriter yaml, TokenExchangeRule rule) => yaml
        .Text("name", rule.Name)
        .Plain("mode", rule.Mode == TokenExchangeMode.Delegation ? null : StoredNames.Of(rule.Mode))
        .Plain("source", rule.Source == TokenExchangeSource.Token ? null : StoredNames.Of(rule.Source))
        .Texts("subject_types", [.. rule.SubjectTypes.Select(StoredNames.Of)])
        .Texts("subject_client_ids", rule.SubjectClientIds)
        .Texts("actor_client_ids", rule.ActorClientIds)
        .Texts("audiences", rule.Audiences)
        .Texts("scopes", rule.Scopes)
        .Texts("organization_ids", rule.OrganizationIds)
        .Plain("max_lifetime", rule.MaxLifetime is { } lifetime ? Values.Write(lifetime) : null);
}
