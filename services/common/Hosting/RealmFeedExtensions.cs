using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Registers the realms that a service reads.</summary>
public static class RealmFeedExtensions
{
    /// <summary>Realms stream in from realm-admin; the service is ready while it hears from it.</summary>
    public static void AddRealmFeed(this WebApplicationBuilder builder)
    {
        builder.AddSettings<RealmFeedOptions>(RealmFeedOptions.Section);
        builder.AddPeer(ServiceNames.RealmAdmin);
        builder.AddPeerReadiness(ServiceNames.RealmAdmin, "realm feed");
        builder.Services.AddSingleton<IRealmFeed>(
            services => new GrpcRealmFeed(services.GetRequiredService<PeerChannels>().Invoker(ServiceNames.RealmAdmin)));
        builder.Services.AddSingleton<RealmSnapshots>();
        builder.Services.AddSingleton(services =>
        {
            var realms = services.GetRequiredService<RealmSnapshots>();
            return new ReadinessCheck(
                "realms in use", _ => realms.IsHealthy ? Task.CompletedTask : throw new InvalidOperationException("every one is stale"));
        });
    }
}
