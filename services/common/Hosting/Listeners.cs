using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Opens the service's listeners and knows afterwards where they are.</summary>
internal sealed class Listeners(IOptions<ListenSettings> settings, ReloadingCertificate certificate)
    : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<SocketTransportOptions>
{
    // Form posts, assertions and administration calls are far smaller; only messages that a service allows are read whole anyway.
    private const long MaxRequestBodySize = 32 * 1024 * 1024;

    private readonly Dictionary<Surface, ListenOptions> _open = [];

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MaxRequestBodySize;
        foreach (var (_, surface, address) in Configured())
        {
            var (isTls, endPoint) = ListenSettings.Parse(address)!.Value;
            options.Listen(endPoint, listener =>
            {
                listener.Protocols = surface == Surface.Grpc ? HttpProtocols.Http2
                    : isTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                listener.Use(next => connection =>
                {
                    connection.Features.Set(surface);
                    connection.Features.Set(new ConnectionMemory());
                    return next(connection);
                });
                if (isTls)
                {
                    listener.UseHttps(Tls(asksForCertificates: surface != Surface.Http));
                }

                _open[surface] = listener;
            });
        }
    }

    /// <summary>Any certificate will do here, or none: whose it is, is found out for each request, by what the client is registered for.</summary>
    private HttpsConnectionAdapterOptions Tls(bool asksForCertificates) => new()
    {
        ServerCertificateSelector = (_, _) => certificate.Current,
        SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateMode = asksForCertificates ? ClientCertificateMode.AllowCertificate : ClientCertificateMode.NoCertificate,
        ClientCertificateValidation = (_, _, _) => true,
        OnAuthenticate = (_, options) => options.CertificateChainPolicy = new X509ChainPolicy
        {
            // A stranger's certificate must not send us anywhere.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        },
    };

    public void Configure(SocketTransportOptions options) => options.CreateBoundListenSocket = endPoint =>
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        }
        catch (SocketException exception)
        {
            var setting = settings.Value.Listeners().FirstOrDefault(l => endPoint.Equals(ListenSettings.Parse(l.Address)?.EndPoint)).Setting;
            var why = exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "is in use by another program",
                SocketError.AccessDenied => "may not be opened by this user",
                SocketError.AddressNotAvailable => "is not an address of this machine",
                var code => $"cannot be opened ({code})",
            };
            throw new StartupException($"{setting}: {endPoint} {why}.", exception);
        }
    };

    /// <summary>The bound address, <c>http://127.0.0.1:9080</c>.</summary>
    public string AddressOf(Surface surface) => _open.TryGetValue(surface, out var listener)
        ? $"{(ListenSettings.Parse(settings.Value.Listeners().First(l => l.Surface == surface).Address)!.Value.IsTls ? "https" : "http")}://{listener.IPEndPoint}"
        : throw new InvalidOperationException("The service has no such listener, or is not started.");

    // Kestrel asks while the host is built; what is wrong with the settings is said when it starts.
    private IEnumerable<(string Setting, Surface Surface, string Address)> Configured()
    {
        try
        {
            return settings.Value.Listeners();
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            return [];
        }
    }
}
