using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Composes what clients watch.</summary>
internal static class FeedExtensions
{
    public static void AddFeeds(this IServiceCollection services)
    {
        services.AddSingleton<RealmViews>();
        services.AddSingleton<RevocationStreams>();
        services.AddSingleton<FeedMetrics>();
        services.AddSingleton<WatcherAccess>();
        services.AddSingleton<WatcherPlaces>();
        services.AddSingleton<WatchRealm>();
        services.AddSingleton<WatchRevocations>();
        services.AddSingleton<DecisionFeedGrpcService>();
        services.AddHostedService<FeedBeats>();
        services.AddHostedService<HurriedRevocations>();
        services.AddSingleton<ReplicaNotices>();
        services.AddHostedService<RevocationNotices>();
    }
}
