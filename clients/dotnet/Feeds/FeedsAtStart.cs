using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>
/// Begins with the host what is followed from the start, so that the first question is not asked for. An application without a host begins with its
/// first use of this library.
/// </summary>
internal sealed class FeedsAtStart(IServiceProvider services, IOptions<IamClientOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (DecisionFeeds.AreWanted(options.Value))
        {
            // They connect in the background: a token service that is away holds no host up.
            services.GetRequiredService<DecisionFeeds>();
        }
        return Task.CompletedTask;
    }

    /// <summary>They end with the container.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
