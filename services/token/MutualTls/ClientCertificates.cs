using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.MutualTls;

/// <summary>Whose certificate a request came with: that of its connection or, from a proxy that we trust, the one that the proxy saw.</summary>
/// <remarks>A header of anybody else is nothing, and so is a proxy's own certificate.</remarks>
public sealed class ClientCertificates(TrustedProxies proxies, IOptions<ListenSettings> listen)
{
    // A connection's certificate is one object, for however many requests.
    private readonly ConditionalWeakTable<X509Certificate2, ClientCertificate> _known = [];

    /// <summary>Whether clients have a way to show one: a listener of ours that asks for it, or a proxy that tells.</summary>
    public bool AreSeen { get; } = proxies.Header is not null || listen.Value.MutualTls is not null;

    /// <summary>Null: none.</summary>
    /// <exception cref="IamException">INVALID_REQUEST where a proxy that we trust says something that cannot be read.</exception>
    public ClientCertificate? Of(HttpContext context) =>
        proxies.Header is { } header && proxies.Contain(SourceAddress.Of(context))
            ? Forwarded(context.Request, header)
            : context.Connection.ClientCertificate is { } certificate ? _known.GetValue(certificate, static certificate => new ClientCertificate(certificate)) : null;

    private static ClientCertificate? Forwarded(HttpRequest request, string header)
    {
        var values = request.Headers[header];
        if (values.Count == 0 || (values.Count == 1 && string.IsNullOrEmpty(values[0])))
        {
            return null;
        }

        // Two of them are the proxy's and somebody else's, and nobody could say which is which.
        return values.Count == 1 && ForwardedCertificate.Read(values[0]!) is { } certificate
            ? new ClientCertificate(certificate)
            : throw new IamException(ErrorReason.InvalidRequest, "The proxy's header is not one certificate.");
    }
}
