using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Common.Tests.Authentication;

/// <summary>Makes service assertions, good and bad, without the code under test.</summary>
internal sealed class AssertionForge : IDisposable
{
    public const string Header = """{"alg":"ES256","typ":"service+jwt"}""";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    public string PrivateKey => _key.ExportPkcs8PrivateKeyPem();

    public static string Claims(string issuer, string audience, DateTimeOffset issuedAt, TimeSpan lifetime) =>
        $$"""{"iss":"{{issuer}}","aud":"{{audience}}","iat":{{issuedAt.ToUnixTimeSeconds()}},"exp":{{(issuedAt + lifetime).ToUnixTimeSeconds()}}}""";

    public static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    public string Sign(string claims, string header = Header)
    {
        var signed = $"{Part(header)}.{Part(claims)}";
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();
}
