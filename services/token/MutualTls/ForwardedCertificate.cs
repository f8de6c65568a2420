using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pltfrms.Iam.Token.MutualTls;

/// <summary>A certificate as a proxy writes it into a header: a byte sequence (RFC 9440 section 2.2), or PEM with percent-encoding (nginx' <c>$ssl_client_escaped_cert</c>).</summary>
public static class ForwardedCertificate
{
    private const int MaxLength = 16 * 1024;
    private const string Begin = "-----BEGIN CERTIFICATE-----";

    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    /// <summary>The certificate; null: the text is none, or more than one.</summary>
    public static X509Certificate2? Read(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return null;
        }

        try
        {
            return text[0] == ':' ? ReadBytes(text) : ReadPem(Uri.UnescapeDataString(text));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>RFC 8941 section 3.3.5.</summary>
    private static X509Certificate2? ReadBytes(string text) =>
        text.Length > 2 && text[^1] == ':' && !text.AsSpan(1, text.Length - 2).ContainsAnyExcept(Base64)
            ? X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text[1..^1]))
            : null;

    private static X509Certificate2? ReadPem(string text)
    {
        if (!text.StartsWith(Begin, StringComparison.Ordinal) || text.IndexOf(Begin, Begin.Length, StringComparison.Ordinal) > 0)
        {
            return null;
        }

        return X509Certificate2.CreateFromPem(text);
    }
}
