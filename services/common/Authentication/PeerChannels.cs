using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>One channel to each service that this one calls. Every call carries an assertion, every unary call a deadline.</summary>
public sealed class PeerChannels(IOptions<PeersSettings> settings, ServiceAssertions assertions, TimeProvider clock) : IDisposable
{
    // Parts of a realm's snapshot are the largest messages.
    private const int MaxReceiveMessageSize = 16 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Lazy<GrpcChannel>> _channels = new(StringComparer.Ordinal);

    /// <summary>What to construct a generated client with.</summary>
    /// <param name="serviceName">One of <see cref="Hosting.ServiceNames"/>; it must be added with <c>AddPeer</c>.</param>
    public CallInvoker Invoker(string serviceName) =>
        Channel(serviceName).Intercept(new OutgoingCalls(serviceName, assertions, clock));

    /// <summary>Whether a service that need not be there is configured.</summary>
    public bool Has(string serviceName) => settings.Value.Find(serviceName)?.Address is { Length: > 0 };

    /// <summary>The bare channel, for methods that anyone may call.</summary>
    internal GrpcChannel Channel(string serviceName) =>
        _channels.GetOrAdd(serviceName, name => new Lazy<GrpcChannel>(() => Open(name))).Value;

    public void Dispose()
    {
        foreach (var channel in _channels.Values.Where(c => c.IsValueCreated))
        {
            channel.Value.Dispose();
        }
    }

    private GrpcChannel Open(string serviceName)
    {
        var peer = settings.Value.Find(serviceName) ?? throw new InvalidOperationException($"Peers has no {serviceName}.");
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // A peer that vanished without a word is noticed within the freshness bound, not when TCP gives up.
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
        };
        if (peer.CertificateAuthorityFile is { } authority)
        {
            handler.SslOptions.CertificateChainPolicy = Trusting(authority);
        }

        return GrpcChannel.ForAddress(peer.Address!, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxReceiveMessageSize,
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
        });
    }

    private static X509ChainPolicy Trusting(string authorityFile)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        return policy;
    }
}
