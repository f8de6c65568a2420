using Microsoft.AspNetCore.Authorization;
using Pltfrms.Iam.Client.AspNetCore.Authorization;

namespace Pltfrms.Iam.Client.AspNetCore;

/// <summary>
/// Lets only callers through whose token and roles give them a permission in the organization acted in: on MVC controllers and
/// actions, minimal API handlers, and gRPC services and methods. Several must all hold.
/// </summary>
/// <remarks>
/// The organization is that of the route value <c>organizationId</c> or <c>organization_id</c> where the route has one, else the
/// token's; or what one of the properties names. A request without what is named is refused.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequirePermissionAttribute : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <param name="permission">The permission, <c>noun.verb</c>.</param>
    public RequirePermissionAttribute(string permission)
    {
        Permission = permission;
        // The caller is who the access token says, whatever other schemes a service has and whichever it prefers.
        AuthenticationSchemes = IamAuthenticationOptions.DefaultScheme;
    }

    /// <summary>The permission, <c>noun.verb</c>.</summary>
    public string Permission { get; }

    /// <summary>The route value that names the organization acted in.</summary>
    public string? OrganizationRoute { get; init; }

    /// <summary>The header that names the organization acted in.</summary>
    public string? OrganizationHeader { get; init; }

    /// <summary>The caller's claim that names the organization acted in.</summary>
    public string? OrganizationClaim { get; init; }

    /// <summary>The field of the gRPC request message that names the organization acted in; needs <c>AddGrpc().AddPltfrmsIam()</c>.</summary>
    public string? OrganizationField { get; init; }

    /// <summary>Where the answer may come from.</summary>
    public IamMode Mode { get; init; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new PermissionRequirement(this)];
}
