using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.Decisions;
using Pltfrms.Iam.Client.Dpop;
using Pltfrms.Iam.Client.Feeds;
using Pltfrms.Iam.Client.Local;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client of the IAM suite to an application.</summary>
public static class IamServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IamTokens"/> and <see cref="IamClient"/> as singletons. Settings come from the configuration section
    /// <c>Iam</c> where the application has one, then from <paramref name="configure"/>; a wrong one stops the host at its start.
    /// </summary>
    public static IServiceCollection AddPltfrmsIam(this IServiceCollection services, Action<IamClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<IamClientOptions>();
        if (!services.Any(static service => service.ServiceType == typeof(IamChannel)))
        {
            options.Configure<IServiceProvider>(static (settings, provider) =>
                provider.GetService<IConfiguration>()?.GetSection(IamClientOptions.SectionName).Bind(settings));
            options.ValidateOnStart();
            AddParts(services);
        }
        if (configure is not null)
        {
            options.Configure(configure);
        }
        return services;
    }

    private static void AddParts(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IamClientOptions>, IamClientOptionsValidation>());
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new IamTelemetry(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IamChannel>();
        services.TryAddSingleton<ClientAssertions>();
        services.TryAddSingleton<DpopProofs>();
        services.TryAddSingleton<TokenIssuer>();
        services.TryAddSingleton(static provider => new IamTokens(
            provider.GetRequiredService<TokenIssuer>(),
            provider.GetRequiredService<IOptions<IamClientOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IamTokens>>()));
        services.TryAddSingleton<IamCalls>();
        services.TryAddSingleton<CheckQueue>();
        services.TryAddSingleton<RemoteDecisions>();
        services.AddHttpClient(IamClientOptions.KeysHttpClient, static client =>
        {
            client.Timeout = TimeSpan.FromSeconds(10);
            client.MaxResponseContentBufferSize = 256 * 1024;
        });
        services.TryAddSingleton<KeySource>();
        services.TryAddSingleton<DecisionFeeds>();
        services.AddHostedService<FeedsAtStart>();
        services.TryAddSingleton<CachedDecisions>();
        services.TryAddSingleton<LocalDecisions>();
        services.TryAddSingleton(static provider => new IamClient(
            provider.GetRequiredService<IamCalls>(),
            provider.GetRequiredService<RemoteDecisions>(),
            provider.GetRequiredService<CachedDecisions>(),
            provider.GetRequiredService<LocalDecisions>(),
            provider.GetRequiredService<IOptions<IamClientOptions>>().Value.Mode,
            provider.GetRequiredService<IamTelemetry>()));
    }
}
