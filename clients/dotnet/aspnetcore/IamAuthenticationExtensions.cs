using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Pltfrms.Iam.Client.AspNetCore.Authentication;
using Pltfrms.Iam.Client.AspNetCore.Authorization;
using Pltfrms.Iam.Client.AspNetCore.Dpop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Authenticates requests by the suite's access tokens.</summary>
public static class IamAuthenticationExtensions
{
    /// <summary>
    /// Adds the scheme <see cref="IamAuthenticationOptions.DefaultScheme"/>, <see cref="RequirePermissionAttribute"/> and
    /// <see cref="RequireAcrAttribute"/>. Settings come from the configuration section <c>Iam</c>, then from
    /// <paramref name="configure"/>; a wrong one stops the host at its start.
    /// </summary>
    public static AuthenticationBuilder AddPltfrmsIam(this AuthenticationBuilder builder, Action<IamAuthenticationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddPltfrmsIam();
        services.AddHttpContextAccessor();
        services.AddAuthorization();
        services.AddOptions<IamAuthenticationOptions>(IamAuthenticationOptions.DefaultScheme)
            .Configure<IServiceProvider>(static (settings, provider) =>
                provider.GetService<IConfiguration>()?.GetSection(IamClientOptions.SectionName).Bind(settings))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IamAuthenticationOptions>, IamAuthenticationOptionsValidation>());
        services.TryAddSingleton<DpopNonces>();
        services.TryAddSingleton<SeenProofs>();
        services.TryAddSingleton<DpopVerifier>();
        services.TryAddSingleton<SenderConstraint>();
        services.TryAddSingleton<RefusalAnswer>();
        services.TryAddSingleton<ResourceMetadataAddress>();
        services.TryAddSingleton<CallerPermissions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionHandler, OutageHandler>());
        services.TryAddSingleton(static provider => new IamUserTokens(
            provider.GetRequiredService<IamTokens>(), provider.GetRequiredService<AspNetCore.Http.IHttpContextAccessor>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, PermissionHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, AcrHandler>());
        return builder.AddScheme<IamAuthenticationOptions, IamAuthenticationHandler>(IamAuthenticationOptions.DefaultScheme, configure);
    }
}
