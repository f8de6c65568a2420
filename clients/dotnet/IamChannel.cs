using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client;

/// <summary>The one connection pool to the token service.</summary>
internal sealed class IamChannel : IDisposable
{
    private readonly GrpcChannel _channel;

    public IamChannel(IOptions<IamClientOptions> options, ILoggerFactory loggers)
    {
        var settings = options.Value;
        _channel = GrpcChannel.ForAddress(settings.Address!, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                // A server limits streams per connection (Kestrel: 100); beyond them calls would queue behind each other.
                EnableMultipleHttp2Connections = true,
                // A peer that vanished without a FIN is noticed between calls rather than by the next one's deadline.
                KeepAlivePingDelay = TimeSpan.FromSeconds(20),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionIdleTimeout = System.Threading.Timeout.InfiniteTimeSpan,
                ConnectTimeout = settings.Timeout,
                // HTTP/2 without TLS does not pass a proxy.
                UseProxy = settings.Address!.Scheme == Uri.UriSchemeHttps,
            },
            DisposeHttpClient = true,
            LoggerFactory = loggers,
        });
        Invoker = _channel.CreateCallInvoker();
    }

    public CallInvoker Invoker { get; }

    public void Dispose() => _channel.Dispose();
}
