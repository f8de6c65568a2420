using System.Collections.Concurrent;

namespace Pltfrms.Iam.Client.Dpop;

/// <summary>RFC 9449 section 9: the nonce that each server gave last, for the next proof that it gets.</summary>
internal sealed class ServerNonces
{
    /// <summary>In the challenge of a refusal that brings a nonce, over HTTP and gRPC.</summary>
    public const string Demand = "error=\"use_dpop_nonce\"";

    private const string Header = "DPoP-Nonce";

    /// <summary>Who calls more servers learns some nonces anew.</summary>
    private const int MaxServers = 100;

    private readonly ConcurrentDictionary<string, string> _byServer = new(StringComparer.Ordinal);

    public string? Of(Uri address) => _byServer.GetValueOrDefault(Server(address));

    public void Remember(Uri address, HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues(Header, out var nonces) && nonces.FirstOrDefault() is { Length: > 0 } nonce)
        {
            if (_byServer.Count >= MaxServers)
            {
                _byServer.Clear();
            }
            _byServer[Server(address)] = nonce;
        }
    }

    /// <summary>Whether a refusal says that the same request is good with the nonce that it brings.</summary>
    public static bool AreDemandedBy(HttpResponseMessage refusal) =>
        refusal.Headers.Contains(Header)
        && refusal.Headers.WwwAuthenticate.Any(static challenge =>
            string.Equals(challenge.Scheme, DpopProofs.Scheme, StringComparison.OrdinalIgnoreCase)
            && challenge.Parameter?.Contains(Demand, StringComparison.Ordinal) == true);

    private static string Server(Uri address) => address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
