using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Pltfrms.Iam.Common.Certificates;

namespace Pltfrms.Iam.Common.Jose;

/// <summary>The certificate that comes with a key (RFC 7517 section 4.7).</summary>
internal static class KeyCertificate
{
    private const string Member = "x5c";

    /// <summary>SHA-256 of the key's own certificate; null: it has none that can be read.</summary>
    public static string? ThumbprintOf(JsonElement key)
    {
        using var certificate = Read(key);
        return certificate is null ? null : CertificateThumbprint.Of(certificate);
    }

    /// <summary>The key, or what is wrong with its certificate.</summary>
    public static (VerificationKey? Key, string? Violation) Read(JsonElement json, VerificationKey key)
    {
        if (!json.TryGetProperty(Member, out _))
        {
            return (key, null);
        }

        using var certificate = Read(json);

        // "The key in the first certificate MUST match the public key represented by other members of the JWK."
        return certificate is not null && key.IsIn(certificate) ? (key, null) : (null, "has an x5c whose first entry is not a certificate of the key in base64");
    }

    private static X509Certificate2? Read(JsonElement key)
    {
        if (!key.TryGetProperty(Member, out var chain) || chain.ValueKind != JsonValueKind.Array || chain.GetArrayLength() == 0
            || chain[0].ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(chain[0].GetString()!));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
