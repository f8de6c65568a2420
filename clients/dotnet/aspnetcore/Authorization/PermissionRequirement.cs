using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pltfrms.Iam.Client.AspNetCore.Authorization;

/// <summary>A permission, and where the organization acted in is named.</summary>
internal sealed record PermissionRequirement(RequirePermissionAttribute Attribute) : IAuthorizationRequirement
{
    private static readonly string[] UsualRouteValues = ["organizationId", "organization_id"];

    /// <summary>The organization; null: the token's. False where the request lacks what names it.</summary>
    public bool TryFindOrganization(HttpContext http, ClaimsPrincipal user, out string? organizationId)
    {
        organizationId = Attribute switch
        {
            { OrganizationRoute: { } route } => http.GetRouteValue(route) as string,
            // Several headers of a name may arrive as one, joined by commas (RFC 9110 section 5.3).
            { OrganizationHeader: { } header } => http.Request.Headers[header] is [{ } only] && !only.Contains(',', StringComparison.Ordinal) ? only : null,
            { OrganizationClaim: { } claim } => user.FindFirst(claim)?.Value,
            _ => UsualRouteValues.Select(http.GetRouteValue).OfType<string>().FirstOrDefault(),
        };
        return organizationId is not (null or "") || !IsNamed;
    }

    /// <summary>What the framework logs of a requirement that is not met.</summary>
    public override string ToString() => $"RequirePermission {Attribute.Permission}";

    private bool IsNamed => Attribute is not { OrganizationRoute: null, OrganizationHeader: null, OrganizationClaim: null };
}

/// <summary>A login that is strong or fresh enough.</summary>
internal sealed record AcrRequirement(IReadOnlyList<string> AcrValues, int MaxAge) : IAuthorizationRequirement;
