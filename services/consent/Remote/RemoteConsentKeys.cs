using System.Security.Cryptography;
using System.Text.Json;
using Pltfrms.Iam.Common.Authentication;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>
/// This service's keys towards a realm's remote consent server: one signs requests, one decrypts answers. They are derived from the service
/// key, so every replica has them and none is stored; a new service key makes new ones.
/// </summary>
public sealed class RemoteConsentKeys(ServiceKeys serviceKeys)
{
    // SEC 2 section 2.4.2: the order of P-256's base point.
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    public ECDsa Signing(string realmId) => ECDsa.Create(Derive("sign", realmId));

    public ECDiffieHellman Decryption(string realmId) => ECDiffieHellman.Create(Derive("decrypt", realmId));

    public string SigningKeyId(string realmId)
    {
        using var key = Signing(realmId);
        return JsonWebKey.Thumbprint(key.ExportParameters(includePrivateParameters: false).Q);
    }

    /// <summary>What the remote server needs of them (RFC 7517 section 5).</summary>
    public void WritePublic(Utf8JsonWriter writer, string realmId)
    {
        using var signing = Signing(realmId);
        using var decryption = Decryption(realmId);
        writer.WriteStartArray("keys");
        Write(writer, signing.ExportParameters(includePrivateParameters: false).Q, "sig", "ES256");
        Write(writer, decryption.ExportParameters(includePrivateParameters: false).Q, "enc", "ECDH-ES");
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ECPoint point, string use, string algorithm)
    {
        writer.WriteStartObject();
        JoseJson.WriteCurve(writer, point);
        writer.WriteString("use", use);
        writer.WriteString("alg", algorithm);
        writer.WriteString("kid", JsonWebKey.Thumbprint(point));
        writer.WriteEndObject();
    }

    private ECParameters Derive(string purpose, string realmId)
    {
        for (var attempt = 0; ; attempt++)
        {
            var secret = serviceKeys.Derive($"pltfrms.iam.consent.remote/{purpose}/{attempt}/{realmId}");
            // FIPS 186-5 appendix A.2.2: a candidate out of range is thrown away, which happens once in 2^32.
            if (secret.AsSpan().SequenceCompareTo(Order) < 0 && secret.AsSpan().ContainsAnyExcept((byte)0))
            {
                return new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret };
            }
        }
    }
}
