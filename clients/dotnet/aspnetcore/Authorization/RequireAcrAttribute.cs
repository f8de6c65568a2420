using Microsoft.AspNetCore.Authorization;
using Pltfrms.Iam.Client.AspNetCore.Authorization;

namespace Pltfrms.Iam.Client.AspNetCore;

/// <summary>
/// Lets only callers through whose user logged in strongly or lately enough; others are asked to (RFC 9470): 401 with
/// <c>insufficient_user_authentication</c>, <c>acr_values</c> and <c>max_age</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireAcrAttribute : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <param name="acrValues">The authentication context classes that will do; none: any login.</param>
    public RequireAcrAttribute(params string[] acrValues)
    {
        AcrValues = acrValues;
        AuthenticationSchemes = IamAuthenticationOptions.DefaultScheme;
    }

    /// <summary>The authentication context classes that will do; none: any login.</summary>
    public IReadOnlyList<string> AcrValues { get; }

    /// <summary>How many seconds ago the login may be; 0: however long.</summary>
    public int MaxAge { get; init; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new AcrRequirement(AcrValues, MaxAge)];
}
