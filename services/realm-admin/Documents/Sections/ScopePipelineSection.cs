using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Clients;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>scope_pipeline</c>. Its lists keep the document's order: it is the order in which they apply.</summary>
internal static class ScopePipelineSection
{
    private const int MostSteps = 200;

    private static readonly string[] Processors = ["whitelist", "cap_by_role", "drop_by_organization"];

    public static ScopePipeline Read(Fields fields, References references)
    {
        var policies = fields.Each("scope_policies", Policy, MostSteps);
        var pipeline = new ScopePipeline
        {
            ScopePolicies = policies.ToValueList(),
            UnregisteredScopes = fields.Choice<UnregisteredScopes>("unregistered_scopes") ?? UnregisteredScopes.None,
            Conditions = Named("conditions", condition => Condition(condition, references)),
            Transformations = Named("transformations", Transformation),
            GrantedScopesProcessors = Named("granted_scopes_processors", processor => Processor(processor, references)),
        };
        foreach (var twice in policies.GroupBy(policy => policy.GrantType).Where(group => group.Count() > 1))
        {
            var what = twice.Key.Length == 0 ? "all other grant types" : twice.Key;
            fields.Error("scope_policies", $"must have at most one policy for {what}");
        }

        return pipeline;

        ValueList<T> Named<T>(string key, Func<Fields, (string? Name, T Step)> read)
            where T : class
        {
            HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
            return fields.Each(
                key,
                step =>
                {
                    var (name, result) = read(step);
                    if (name is not null && !names.Add(name))
                    {
                        step.Error("name", $"must be unique among the {key}");
                    }

                    return result;
                },
                MostSteps).ToValueList();
        }
    }

    private static ScopePolicy Policy(Fields fields)
    {
        if (!fields.Has("mode"))
        {
            fields.Error("mode", "is required");
        }

        return new ScopePolicy
        {
            GrantType = fields.Text("grant_type", GrantTypes.Rule) ?? "",
            Mode = fields.Choice<ScopePolicyMode>("mode") ?? ScopePolicyMode.Mandatory,
            DefaultScopes = fields.ReferenceSet("default_scopes", ReferenceKind.Scope, Rules.ScopeName),
        };
    }

    private static (string? Name, ScopeCondition Step) Condition(Fields fields, References references)
    {
        if (fields.Has("role") == fields.Has("flow"))
        {
            fields.Error("role", "must be set, or flow, but not both");
        }

        var name = fields.RequiredText("name", Rules.Id);
        return (name, new ScopeCondition
        {
            Name = name ?? "",
            Scopes = Patterns(fields, "scopes", references),
            Role = fields.Mapping("role", Role),
            Flow = fields.Mapping("flow", Flow),
        });
    }

    private static RoleCondition Role(Fields fields)
    {
        var sources = fields.Choices<RoleSource>("sources");
        if (!fields.Has("sources"))
        {
            fields.Error("sources", "is required");
        }

        return new RoleCondition
        {
            Sources = sources.ToValueList(),
            RoleIds = fields.ReferenceSet("role_ids", ReferenceKind.Role, Rules.Id),
        };
    }

    private static FlowCondition Flow(Fields fields) => new()
    {
        GrantTypes = fields.Set("grant_types", GrantTypes.Rule),
        ClientTypes = fields.Choices<ClientType>("client_types").Order().ToValueList(),
        AcrValues = fields.ReferenceSet("acr_values", ReferenceKind.Acr, Rules.Claim),
        AmrValues = fields.Set("amr_values", Rules.Claim),
        SourceNetworks = fields.Set("source_networks", Rules.Network),
        OrganizationIds = fields.ReferenceSet("organization_ids", ReferenceKind.Organization, Rules.Id),
    };

    private static (string? Name, ScopeTransformation Step) Transformation(Fields fields)
    {
        var name = fields.RequiredText("name", Rules.Id);
        if (!fields.Has("scope"))
        {
            fields.Error("scope", "is required");
        }

        return (name, new ScopeTransformation
        {
            Name = name ?? "",
            Scope = fields.Reference("scope", ReferenceKind.Scope, Rules.ScopeName) ?? "",
            Replacements = fields.ReferenceSet("replacements", ReferenceKind.Scope, Rules.ScopeName),
        });
    }

    private static (string? Name, GrantedScopesProcessor Step) Processor(Fields fields, References references)
    {
        if (Processors.Count(fields.Has) != 1)
        {
            fields.Error("whitelist", "must be set, or cap_by_role, or drop_by_organization, but only one of them");
        }

        var name = fields.RequiredText("name", Rules.Id);
        return (name, new GrantedScopesProcessor
        {
            Name = name ?? "",
            Whitelist = fields.Has("whitelist") ? Patterns(fields, "whitelist", references) : null,
            CapByRole = fields.Mapping("cap_by_role", Role),
            DropByOrganization = fields.Mapping("drop_by_organization", drop => new DropByOrganization
            {
                OrganizationIds = drop.ReferenceSet("organization_ids", ReferenceKind.Organization, Rules.Id),
                Scopes = Patterns(drop, "scopes", references),
            }),
        });
    }

    /// <summary>Scopes by name, or by a pattern in which <c>*</c> stands for any characters.</summary>
    public static ValueList<string> Patterns(Fields fields, string key, References references)
    {
        var patterns = fields.Texts(key, Rules.ScopePattern);
        foreach (var (scope, path) in patterns.Where(pattern => !pattern.Text.Contains('*')))
        {
            references.Refer(ReferenceKind.Scope, scope, path);
        }

        return patterns.Select(pattern => pattern.Text).Order(StringComparer.Ordinal).ToValueList();
    }
}
