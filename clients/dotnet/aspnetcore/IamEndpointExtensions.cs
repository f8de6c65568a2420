using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Pltfrms.Iam.Client.AspNetCore.Authentication;
using Pltfrms.Iam.Client.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Protects endpoints, and asks about the caller of the current request.</summary>
public static class IamEndpointExtensions
{
    /// <summary>As <see cref="RequirePermissionAttribute"/>, for minimal APIs and groups of them.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission)
        where TBuilder : IEndpointConventionBuilder => builder.RequirePermission(new RequirePermissionAttribute(permission));

    /// <summary>As <see cref="RequirePermissionAttribute"/>, for minimal APIs and groups of them.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, RequirePermissionAttribute permission)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(permission);
        return builder.WithMetadata(permission);
    }

    /// <summary>As <see cref="RequireAcrAttribute"/>, for minimal APIs and groups of them.</summary>
    public static TBuilder RequireAcr<TBuilder>(this TBuilder builder, params string[] acrValues)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequireAcrAttribute(acrValues));

    /// <summary>What the caller of this request may do, with their own token; for decisions that depend on what was found meanwhile.</summary>
    /// <exception cref="IamUnavailableException">Nobody could decide: 503, where the service has <c>UseExceptionHandler</c> and does not catch it.</exception>
    /// <exception cref="InvalidOperationException">Nobody is authenticated by an access token.</exception>
    public static Task<PermissionDecision> CheckPermissionAsync(this HttpContext http, string permission, string? organizationId)
    {
        ArgumentNullException.ThrowIfNull(http);
        var caller = http.Features.Get<IamCaller>() ?? throw new InvalidOperationException("Nobody is authenticated by an access token.");
        return http.RequestServices.GetRequiredService<CallerPermissions>().CheckAsync(http, caller, permission, organizationId, IamMode.Configured);
    }
}
