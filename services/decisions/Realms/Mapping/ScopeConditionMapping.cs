using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

/// <summary>The conditions and processors of a <see cref="ScopePipeline"/>.</summary>
internal static class ScopeConditionMapping
{
    public static Wire.ScopeCondition ToWire(ScopeCondition condition)
    {
        var wire = new Wire.ScopeCondition { Name = condition.Name, Scopes = { condition.Scopes } };
        if (condition.Role is { } role)
        {
            wire.Role = ToWire(role);
        }
        else if (condition.Flow is { } flow)
        {
            wire.Flow = ToWire(flow);
        }

        return wire;
    }

    public static ScopeCondition ToRecord(Wire.ScopeCondition condition) => new()
    {
        Name = condition.Name,
        Scopes = [.. condition.Scopes],
        Role = condition.Role is { } role ? ToRecord(role) : null,
        Flow = condition.Flow is { } flow ? ToRecord(flow) : null,
    };

    public static Wire.GrantedScopesProcessor ToWire(GrantedScopesProcessor processor)
    {
        var wire = new Wire.GrantedScopesProcessor { Name = processor.Name };
        if (processor.Whitelist is { } whitelist)
        {
            wire.Whitelist = new() { Scopes = { whitelist } };
        }
        else if (processor.CapByRole is { } cap)
        {
            wire.CapByRole = ToWire(cap);
        }
        else if (processor.DropByOrganization is { } drop)
        {
            wire.DropByOrganization = new() { OrganizationIds = { drop.OrganizationIds }, Scopes = { drop.Scopes } };
        }

        return wire;
    }

    public static GrantedScopesProcessor ToRecord(Wire.GrantedScopesProcessor processor) => new()
    {
        Name = processor.Name,
        Whitelist = processor.Whitelist is { } whitelist ? [.. whitelist.Scopes] : null,
        CapByRole = processor.CapByRole is { } cap ? ToRecord(cap) : null,
        DropByOrganization = processor.DropByOrganization is { } drop
            ? new() { OrganizationIds = [.. drop.OrganizationIds], Scopes = [.. drop.Scopes] }
            : null,
    };

    private static Wire.RoleCondition ToWire(RoleCondition condition) => new()
    {
        Sources = { condition.Sources.Select(ToWire) },
        RoleIds = { condition.RoleIds },
    };

    private static RoleCondition ToRecord(Wire.RoleCondition condition) => new()
    {
        Sources = condition.Sources.Select(ToRecord).ToValueList(),
        RoleIds = [.. condition.RoleIds],
    };

    private static Wire.RoleSource ToWire(RoleSource source) => source switch
    {
        RoleSource.Bindings => Wire.RoleSource.Bindings,
        RoleSource.LoginClaims => Wire.RoleSource.LoginClaims,
        _ => throw WireValues.Unknown(source),
    };

    private static RoleSource ToRecord(Wire.RoleSource source) => source switch
    {
        Wire.RoleSource.Bindings => RoleSource.Bindings,
        Wire.RoleSource.LoginClaims => RoleSource.LoginClaims,
        _ => throw WireValues.Unknown(source),
    };

    private static Wire.FlowCondition ToWire(FlowCondition condition) => new()
    {
        GrantTypes = { condition.GrantTypes },
        ClientTypes = { condition.ClientTypes.Select(ClientTypeNames.ToName) },
        AcrValues = { condition.AcrValues },
        AmrValues = { condition.AmrValues },
        SourceNetworks = { condition.SourceNetworks },
        OrganizationIds = { condition.OrganizationIds },
    };

    private static FlowCondition ToRecord(Wire.FlowCondition condition) => new()
    {
        GrantTypes = [.. condition.GrantTypes],
        ClientTypes = condition.ClientTypes.Select(ClientTypeNames.Parse).ToValueList(),
        AcrValues = [.. condition.AcrValues],
        AmrValues = [.. condition.AmrValues],
        SourceNetworks = [.. condition.SourceNetworks],
        OrganizationIds = [.. condition.OrganizationIds],
    };
}
