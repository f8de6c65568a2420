using System.Net;
using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Section <c>Listen</c>: where the service listens.</summary>
public sealed class ListenSettings
{
    public const string Section = "Listen";

    /// <summary>The gRPC listener, <c>http://127.0.0.1:9080</c>; port 0 takes any free one.</summary>
    public string? Grpc { get; set; }

    /// <summary>The REST listener; null: the service has none.</summary>
    public string? Http { get; set; }

    /// <summary>A second REST listener, https, that asks its callers for certificates; null: there is none.</summary>
    public string? MutualTls { get; set; }

    /// <summary>Where callers address the gRPC listener, and so what their DPoP proofs are made for; null: wherever a call says that it is for.</summary>
    public string? PublicGrpc { get; set; }

    public TlsSettings Tls { get; set; } = new();

    /// <summary>A proxy before the service terminates TLS, so plain text beyond loopback is meant, and says which host it was asked for.</summary>
    public bool BehindTlsProxy { get; set; }

    /// <summary>The listeners that are configured, with the name of the setting.</summary>
    internal IEnumerable<(string Setting, Surface Surface, string Address)> Listeners()
    {
        if (Grpc is not null)
        {
            yield return ($"{Section}:{nameof(Grpc)}", Surface.Grpc, Grpc);
        }

        if (Http is not null)
        {
            yield return ($"{Section}:{nameof(Http)}", Surface.Http, Http);
        }

        if (MutualTls is not null)
        {
            yield return ($"{Section}:{nameof(MutualTls)}", Surface.MutualTls, MutualTls);
        }
    }

    /// <summary>Reads an address; null where it is none.</summary>
    internal static (bool IsTls, IPEndPoint EndPoint)? Parse(string address)
    {
        BindingAddress parsed;
        try
        {
            parsed = BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            return null;
        }

        var ip = parsed.Host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "+" => IPAddress.IPv6Any,
            var host => IPAddress.TryParse(host, out var literal) ? literal : null,
        };
        var known = parsed.Scheme is "http" or "https" && parsed.PathBase is "" && parsed.Port is >= 0 and <= ushort.MaxValue;
        return ip is null || !known ? null : (parsed.Scheme == "https", new IPEndPoint(ip, parsed.Port));
    }
}

/// <summary>Section <c>Listen:Tls</c>: PEM files, read again when they change.</summary>
public sealed class TlsSettings
{
    /// <summary>The certificate, followed by its intermediates.</summary>
    public string? CertificateFile { get; set; }

    public string? KeyFile { get; set; }
}
