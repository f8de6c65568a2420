using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Testing;

/// <summary>Certificates of authorities that nobody trusts but a test.</summary>
public static class TestCertificates
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private const string ForServers = "1.3.6.1.5.5.7.3.1";

    /// <summary>When all of them begin, unless a test says otherwise: before the clocks of tests and before today.</summary>
    public static DateTimeOffset Start { get; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset End { get; } = new(2125, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A root, or one below another authority.</summary>
    public static X509Certificate2 Authority(string subject, X509Certificate2? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return Make(request, key, issuer, Start, End);
    }

    /// <summary>A certificate of a client's; without an issuer it signs itself.</summary>
    /// <param name="subject">As RFC 4514 writes it, the last part first.</param>
    /// <param name="issuer">An authority; null: the certificate itself.</param>
    /// <param name="names">Its other names; null: none.</param>
    /// <param name="start">Null: long ago.</param>
    /// <param name="end">Null: long hence.</param>
    /// <param name="isForServers">Whether it is for servers, and so not for clients.</param>
    public static X509Certificate2 Client(
        string subject,
        X509Certificate2? issuer = null,
        Action<SubjectAlternativeNameBuilder>? names = null,
        DateTimeOffset? start = null,
        DateTimeOffset? end = null,
        bool isForServers = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(isForServers ? ForServers : ForClients)], critical: false));
        if (names is not null)
        {
            var builder = new SubjectAlternativeNameBuilder();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        return Make(request, key, issuer, start ?? Start, end ?? End);
    }

    private static X509Certificate2 Make(CertificateRequest request, ECDsa key, X509Certificate2? issuer, DateTimeOffset start, DateTimeOffset end)
    {
        if (issuer is null)
        {
            return request.CreateSelfSigned(start, end);
        }

        using var certificate = request.Create(issuer, start, end, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }
}
