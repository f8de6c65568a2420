using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pltfrms.Iam.Common.Certificates;

/// <summary>Authorities that issue certificates: those that signed themselves are trusted, the others lead to them.</summary>
public sealed class CertificateAuthoritySet
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 32 * 1024;

    private const int Most = 10;
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private static readonly ConditionalWeakTable<string, CertificateAuthoritySet> Known = [];

    private readonly X509Certificate2Collection _certificates;

    private CertificateAuthoritySet(X509Certificate2Collection certificates) => _certificates = certificates;

    /// <summary>Read once for each text that is in use.</summary>
    public static CertificateAuthoritySet Of(string pem) => Known.GetValue(pem, static pem => new CertificateAuthoritySet(Read(pem) ?? []));

    /// <summary>What is wrong, as the end of a sentence that begins with the field; null: nothing.</summary>
    public static string? Violation(string pem)
    {
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return "must have no private key. Use another one, for this one is known now";
        }

        if (Read(pem) is not { Count: > 0 } certificates)
        {
            return "must be certificates in PEM";
        }

        if (certificates.Count > Most)
        {
            return string.Create(CultureInfo.InvariantCulture, $"must have from 1 to {Most} certificates");
        }

        return !certificates.All(IsAuthority) ? "must have certificates of authorities only (basicConstraints: CA)"
            : certificates.Any(IsRoot) ? null
            : "must have a root: a certificate that signed itself";
    }

    /// <summary>Whether one of them issued the certificate, for clients, and it is valid at the time.</summary>
    /// <remarks>
    /// Nothing is fetched: neither what is missing of the chain nor lists of what is revoked, whose addresses would be of the certificate's choosing.
    /// </remarks>
    public bool Issued(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (_certificates.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTimeIgnored = false,
                VerificationTime = now.UtcDateTime,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(_certificates);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ForClients));
        var isGood = chain.Build(certificate);
        foreach (var element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return isGood;
    }

    private static X509Certificate2Collection? Read(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
