using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Client.AspNetCore.Dpop;

namespace Pltfrms.Iam.Client.AspNetCore.Authentication;

/// <summary>Whoever presents a token that is bound to a key must have that key (RFC 9449 section 7, RFC 8705 section 3).</summary>
internal sealed class SenderConstraint(DpopVerifier proofs)
{
    /// <summary>Null: it holds.</summary>
    public Refusal? Refuse(HttpContext http, Presented presented, Introspection token, IamAuthenticationOptions options)
    {
        var bound = token.Confirmation?.JwkThumbprint;
        if (presented.Dpop != bound is not null)
        {
            // A bound token as plain Bearer is what a thief has; a proof for a token that is not bound proves nothing.
            return Refusal.InvalidToken(bound is null ? "The token is not bound to a DPoP key." : "The token is bound to a DPoP key: a proof is needed.");
        }
        if (options.RequireDpop && bound is null)
        {
            return Refusal.InvalidToken("Only tokens that are bound to a DPoP key are taken here.");
        }
        if (token.Confirmation?.CertificateThumbprint is { } certificate && !Same(certificate, Thumbprint(http, options)))
        {
            return Refusal.InvalidToken("The token is bound to another certificate than the connection's.");
        }
        return bound is null ? null : proofs.Refuse(http.Request, presented.Token, bound, options);
    }

    private static bool Same(string expected, string? found) => string.Equals(expected, found, StringComparison.Ordinal);

    private static string? Thumbprint(HttpContext http, IamAuthenticationOptions options)
    {
        if (options.ClientCertificateHeader is "")
        {
            return http.Connection.ClientCertificate is { } own ? Thumbprint(own) : null;
        }
        if (!IsTrusted(http.Connection.RemoteIpAddress, options) || http.Request.Headers[options.ClientCertificateHeader] is not [{ Length: > 0 } value])
        {
            return null;
        }
        try
        {
            using var passedOn = Parse(value);
            return Thumbprint(passedOn);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>RFC 9440 section 2.1 (a byte sequence between colons), or PEM, URL-encoded.</summary>
    private static X509Certificate2 Parse(string value) => value is [':', .. var encoded, ':']
        ? X509CertificateLoader.LoadCertificate(Convert.FromBase64String(encoded))
        : X509Certificate2.CreateFromPem(Uri.UnescapeDataString(value));

    private static string Thumbprint(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawDataMemory.Span));

    private static bool IsTrusted(IPAddress? proxy, IamAuthenticationOptions options)
    {
        if (proxy is null)
        {
            return false;
        }
        var address = proxy.IsIPv4MappedToIPv6 ? proxy.MapToIPv4() : proxy;
        return options.TrustedProxies.Any(network => IPNetwork.Parse(network).Contains(address));
    }
}
