using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class ScopePipelineMapping
{
    public static Wire.ScopePipeline ToWire(this ScopePipeline pipeline) => new()
    {
        ScopePolicies = { pipeline.ScopePolicies.Select(ToWire) },
        UnregisteredScopes = pipeline.UnregisteredScopes switch
        {
            UnregisteredScopes.Any => Wire.UnregisteredScopes.Any,
            _ => Wire.UnregisteredScopes.None,
        },
        Conditions = { pipeline.Conditions.Select(ScopeConditionMapping.ToWire) },
        Transformations = { pipeline.Transformations.Select(ToWire) },
        GrantedScopesProcessors = { pipeline.GrantedScopesProcessors.Select(ScopeConditionMapping.ToWire) },
    };

    public static ScopePipeline ToRecord(this Wire.ScopePipeline pipeline) => new()
    {
        ScopePolicies = pipeline.ScopePolicies.Select(ToRecord).ToValueList(),
        UnregisteredScopes = pipeline.UnregisteredScopes switch
        {
            Wire.UnregisteredScopes.None or Wire.UnregisteredScopes.Unspecified => UnregisteredScopes.None,
            Wire.UnregisteredScopes.Any => UnregisteredScopes.Any,
            _ => throw WireValues.Unknown(pipeline.UnregisteredScopes),
        },
        Conditions = pipeline.Conditions.Select(ScopeConditionMapping.ToRecord).ToValueList(),
        Transformations = pipeline.Transformations.Select(ToRecord).ToValueList(),
        GrantedScopesProcessors = pipeline.GrantedScopesProcessors.Select(ScopeConditionMapping.ToRecord).ToValueList(),
    };

    private static Wire.ScopePolicy ToWire(ScopePolicy policy) => new()
    {
        GrantType = policy.GrantType,
        Mode = policy.Mode switch
        {
            ScopePolicyMode.Mandatory => Wire.ScopePolicyMode.Mandatory,
            ScopePolicyMode.EmptyAllowed => Wire.ScopePolicyMode.EmptyAllowed,
            ScopePolicyMode.EmptyOverwritten => Wire.ScopePolicyMode.EmptyOverwritten,
            ScopePolicyMode.AlwaysOverwrite => Wire.ScopePolicyMode.AlwaysOverwrite,
            _ => throw WireValues.Unknown(policy.Mode),
        },
        DefaultScopes = { policy.DefaultScopes },
    };

    private static ScopePolicy ToRecord(Wire.ScopePolicy policy) => new()
    {
        GrantType = policy.GrantType,
        Mode = policy.Mode switch
        {
            Wire.ScopePolicyMode.Mandatory => ScopePolicyMode.Mandatory,
            Wire.ScopePolicyMode.EmptyAllowed => ScopePolicyMode.EmptyAllowed,
            Wire.ScopePolicyMode.EmptyOverwritten => ScopePolicyMode.EmptyOverwritten,
            Wire.ScopePolicyMode.AlwaysOverwrite => ScopePolicyMode.AlwaysOverwrite,
            _ => throw WireValues.Unknown(policy.Mode),
        },
        DefaultScopes = [.. policy.DefaultScopes],
    };

    private static Wire.ScopeTransformation ToWire(ScopeTransformation transformation) =>
        new() { Name = transformation.Name, Scope = transformation.Scope, Replacements = { transformation.Replacements } };

    private static ScopeTransformation ToRecord(Wire.ScopeTransformation transformation) =>
        new() { Name = transformation.Name, Scope = transformation.Scope, Replacements = [.. transformation.Replacements] };
}
