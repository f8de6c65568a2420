using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pltfrms.Iam.Common.Certificates;

/// <summary><c>x5t#S256</c> (RFC 8705 section 3.1): SHA-256 of a certificate's DER, in base64url.</summary>
public static class CertificateThumbprint
{
    public static string Of(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawDataMemory.Span));
}
