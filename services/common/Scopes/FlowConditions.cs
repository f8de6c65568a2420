using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Conditions about the flow; a fact that is missing is not met.</summary>
internal static class FlowConditions
{
    /// <summary>The property that is not met, by its name in the contract; null: all are.</summary>
    public static string? FirstUnmet(FlowCondition flow, ScopeRequest request)
    {
        if (!IsOneOf(flow.GrantTypes, request.GrantType))
        {
            return "grant_types";
        }

        if (flow.ClientTypes.Count > 0 && !flow.ClientTypes.AsSpan().Contains(request.Client.ClientType))
        {
            return "client_types";
        }

        if (!IsOneOf(flow.AcrValues, request.Acr))
        {
            return "acr_values";
        }

        if (flow.AmrValues.Count > 0 && !ContainsAny(flow.AmrValues, request.Amr))
        {
            return "amr_values";
        }

        if (flow.SourceNetworks.Count > 0 && !SourceNetworks.Contain(flow.SourceNetworks, request.SourceAddress))
        {
            return "source_networks";
        }

        return IsOneOf(flow.OrganizationIds, request.OrganizationId) ? null : "organization_ids";
    }

    public static string Explain(FlowCondition flow, ScopeRequest request, string unmet) => unmet switch
    {
        "grant_types" => Mismatch("grant type", request.GrantType, flow.GrantTypes),
        "client_types" => Mismatch("client type", request.Client.ClientType.ToName(), flow.ClientTypes.Select(ClientTypeNames.ToName)),
        "acr_values" => Mismatch("acr", request.Acr, flow.AcrValues),
        "amr_values" => Mismatch("amr", string.Join(' ', request.Amr), flow.AmrValues),
        "source_networks" => Mismatch("source address", request.SourceAddress?.ToString(), flow.SourceNetworks),
        _ => Mismatch("organization", request.OrganizationId, flow.OrganizationIds),
    };

    private static string Mismatch(string property, string? actual, IEnumerable<string> wanted) =>
        $"the {property} is {(string.IsNullOrEmpty(actual) ? "not known" : actual)}, the condition asks for {string.Join(" or ", wanted)}";

    private static bool IsOneOf(ValueList<string> wanted, string? actual) =>
        wanted.Count == 0 || (actual is not null && wanted.AsSpan().Contains(actual));

    private static bool ContainsAny(ValueList<string> wanted, IReadOnlyList<string> actual)
    {
        for (var i = 0; i < actual.Count; i++)
        {
            if (wanted.AsSpan().Contains(actual[i]))
            {
                return true;
            }
        }

        return false;
    }
}
