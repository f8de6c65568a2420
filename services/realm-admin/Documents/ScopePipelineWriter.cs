using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes <c>scope_pipeline</c>.</summary>
internal static class ScopePipelineWriter
{
    public static void Write(YamlWriter yaml, ScopePipeline pipeline) => yaml
        .Each("scope_policies", pipeline.ScopePolicies, policy => yaml
            .Plain("mode", StoredNames.Of(policy.Mode))
            .Text("grant_type", policy.GrantType)
            .Texts("default_scopes", policy.DefaultScopes))
        .Plain("unregistered_scopes", pipeline.UnregisteredScopes == UnregisteredScopes.None ? null : StoredNames.Of(pipeline.UnregisteredScopes))
        .Each("conditions", pipeline.Conditions, condition => WriteCondition(yaml, condition))
        .Each("transformations", pipeline.Transformations, transformation => yaml
            .Text("name", transformation.Name)
            .Text("scope", transformation.Scope)
            .Texts("replacements", transformation.Replacements))
        .Each("granted_scopes_processors", pipeline.GrantedScopesProcessors, processor => WriteProcessor(yaml, processor));

    private static void WriteCondition(YamlWriter yaml, ScopeCondition condition)
    {
        yaml.Text("name", condition.Name).Texts("scopes", condition.Scopes);
        if (condition.Role is { } role)
        {
            WriteRole(yaml, "role", role);
        }

        if (condition.Flow is { } flow)
        {
            WriteFlow(yaml, flow);
        }
    }

    private static void WriteRole(YamlWriter yaml, string key, RoleCondition role) => yaml.Mapping(key, () => yaml
        .Texts("sources", [.. role.Sources.Select(StoredNames.Of)], evenIfEmpty: true)
        .Texts("role_ids", role.RoleIds));

    private static void WriteFlow(YamlWriter yaml, FlowCondition flow)
    {
        if (flow == new FlowCondition())
        {
            yaml.Plain("flow", "{}");
            return;
        }

        yaml.Mapping("flow", () => yaml
            .Texts("grant_types", flow.GrantTypes)
            .Texts("client_types", [.. flow.ClientTypes.Select(StoredNames.Of)])
            .Texts("acr_values", flow.AcrValues)
            .Texts("amr_values", flow.AmrValues)
            .Texts("source_networks", flow.SourceNetworks)
            .Texts("organization_ids", flow.OrganizationIds));
    }

    private static void WriteProcessor(YamlWriter yaml, GrantedScopesProcessor processor)
    {
        yaml.Text("name", processor.Name);
        if (processor.Whitelist is { } whitelist)
        {
            yaml.Texts("whitelist", whitelist, evenIfEmpty: true);
        }

        if (processor.CapByRole is { } cap)
        {
            WriteRole(yaml, "cap_by_role", cap);
        }

        if (processor.DropByOrganization is { } drop)
        {
            yaml.Mapping("drop_by_organization", () => yaml
                .Texts("organization_ids", drop.OrganizationIds, evenIfEmpty: true)
                .Texts("scopes", drop.Scopes));
        }
    }
}
