using System.Net;
using System.Net.Sockets;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>
/// Talks to OpenID providers, whose addresses administrators of realms choose: within a deadline and a size, without following redirects, and not
/// into networks that they have no business in (OWASP ASVS 5.0 V1.3.6).
/// </summary>
public sealed class ProviderHttp : IDisposable
{
    private const int MaxSize = 256 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    public ProviderHttp(TokenOptions options)
    {
        var guard = new AddressGuard(new Uri(options.PublicAddress).IsLoopback, options.ProvidersOnPrivateNetworks);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = Timeout,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(guard, context.DnsEndPoint, cancellationToken),
        })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = MaxSize,
        };
    }

    /// <summary>A document in JSON.</summary>
    /// <exception cref="ProviderException">The provider does not give it.</exception>
    public async Task<string> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var (status, body) = await SendAsync(request, cancellationToken);
        return status == HttpStatusCode.OK ? body : throw new ProviderException($"{address} answers {(int)status}");
    }

    /// <summary>The answer to a form, whatever its status.</summary>
    /// <exception cref="ProviderException">There is none.</exception>
    public async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await SendAsync(request, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await _http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or IOException or UriFormatException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ProviderException($"{request.RequestUri?.GetLeftPart(UriPartial.Path)} cannot be reached: {exception.Message}", exception);
        }
    }

    /// <summary>What a name resolves to is what is connected to, so that it cannot be one address when looked at and another when used.</summary>
    private static async ValueTask<Stream> ConnectAsync(AddressGuard guard, DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        if (addresses.Length == 0 || !addresses.All(guard.Allows))
        {
            throw new IOException("It is on a network that providers may not be on.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
