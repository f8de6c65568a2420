using Pltfrms.Iam.Client.AspNetCore;

namespace Microsoft.AspNetCore.Authorization;

/// <summary>The attributes' requirements in policies with a name, and in those for whatever has none of its own.</summary>
public static class IamPolicyExtensions
{
    /// <summary>As <see cref="RequirePermissionAttribute"/>.</summary>
    public static AuthorizationPolicyBuilder RequirePermission(this AuthorizationPolicyBuilder policy, string permission) =>
        policy.RequirePermission(new RequirePermissionAttribute(permission));

    /// <summary>As <see cref="RequirePermissionAttribute"/>.</summary>
    public static AuthorizationPolicyBuilder RequirePermission(this AuthorizationPolicyBuilder policy, RequirePermissionAttribute permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        return policy.Require(permission);
    }

    /// <summary>As <see cref="RequireAcrAttribute"/>.</summary>
    public static AuthorizationPolicyBuilder RequireAcr(this AuthorizationPolicyBuilder policy, RequireAcrAttribute acr)
    {
        ArgumentNullException.ThrowIfNull(acr);
        return policy.Require(acr);
    }

    private static AuthorizationPolicyBuilder Require(this AuthorizationPolicyBuilder policy, IAuthorizationRequirementData data)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.AddAuthenticationSchemes(IamAuthenticationOptions.DefaultScheme).AddRequirements([.. data.GetRequirements()]);
    }
}
