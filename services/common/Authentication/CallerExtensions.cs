using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Registers who may call a service, and whom it calls.</summary>
public static class CallerExtensions
{
    internal static void AddCallers(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OperatorSettings>().Bind(builder.Configuration.GetSection(OperatorSettings.Section));
        builder.Services.AddOptions<ServiceKeySettings>().Bind(builder.Configuration.GetSection(ServiceKeySettings.Section));
        builder.Services.AddOptions<TrustedServicesSettings>().Bind(builder.Configuration.GetSection(TrustedServicesSettings.Section));
        builder.Services.AddOptions<PeersSettings>().Bind(builder.Configuration.GetSection(PeersSettings.Section));
        builder.Services.AddSingleton<OperatorKey>();
        builder.Services.AddSingleton<ServiceKeys>();
        builder.Services.AddSingleton<ServiceAssertions>();
        builder.Services.AddSingleton<PeerChannels>();
        builder.Services.AddSingleton<CallerProofs>();
        builder.Services.AddSingleton<CallerGate>();
    }

    /// <summary>Says that the service calls another, which must then be configured, as must its own key.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="serviceName">One of <see cref="ServiceNames"/>.</param>
    public static void AddPeer(this WebApplicationBuilder builder, string serviceName)
    {
        builder.Services.AddOptions<PeersSettings>().ValidateOnStart().Validate(
            peers => IsAddress(peers.Find(serviceName)?.Address),
            $"{AddressOf(serviceName)} is missing or not an http or https address; example: http://127.0.0.1:9081.");
        builder.Services.AddOptions<ServiceKeySettings>().ValidateOnStart().Validate(
            key => key.PrivateKey is not null || key.PrivateKeyFile is not null,
            "ServiceKey:PrivateKey or ServiceKey:PrivateKeyFile is missing; calls to other services are signed with it.");
    }

    /// <summary>Says that the service calls another where that is configured; <see cref="PeerChannels.Has"/> tells whether it is.</summary>
    public static void AddOptionalPeer(this WebApplicationBuilder builder, string serviceName) =>
        builder.Services.AddOptions<PeersSettings>().ValidateOnStart().Validate(
            peers => peers.Find(serviceName)?.Address is null or "" || IsAddress(peers.Find(serviceName)!.Address),
            $"{AddressOf(serviceName)} is not an http or https address, nor empty; example: http://127.0.0.1:9081.");

    /// <summary>Makes readiness depend on another service's own, as for the realm feed.</summary>
    public static void AddPeerReadiness(this WebApplicationBuilder builder, string serviceName, string checkName) =>
        builder.Services.AddSingleton(services =>
        {
            var health = new Health.HealthClient(services.GetRequiredService<PeerChannels>().Channel(serviceName));
            return new ReadinessCheck(checkName, async cancellationToken =>
            {
                var answer = await health.CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken);
                if (answer.Status != HealthCheckResponse.Types.ServingStatus.Serving)
                {
                    throw new InvalidOperationException($"{serviceName} is {answer.Status}.");
                }
            });
        });

    /// <summary>Access tokens are checked by the token service.</summary>
    public static void AddRemoteAccessTokens(this WebApplicationBuilder builder)
    {
        builder.AddPeer(ServiceNames.Token);
        builder.Services.AddSingleton<IAccessTokenAuthorizer, RemoteAccessTokenAuthorizer>();
    }

    private static string AddressOf(string serviceName) => $"{PeersSettings.Section}:{PeersSettings.KeyOf(serviceName)}:Address";

    private static bool IsAddress(string? text) =>
        text is not null && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
}
