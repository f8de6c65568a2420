using System.Security.Cryptography.X509Certificates;
using Pltfrms.Iam.Common.Certificates;

namespace Pltfrms.Iam.Token.MutualTls;

/// <summary>The certificate whose key the sender of a request has proven to have in a TLS handshake. Nothing in it is verified.</summary>
public sealed class ClientCertificate(X509Certificate2 certificate)
{
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary><c>x5t#S256</c> (RFC 8705 section 3.1).</summary>
    public string Thumbprint { get; } = CertificateThumbprint.Of(certificate);
}
