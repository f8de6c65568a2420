using System.Security.Cryptography.X509Certificates;
using Pltfrms.Iam.Common.Certificates;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.ClientAuthentication;

namespace Pltfrms.Iam.Token.MutualTls;

/// <summary>Whether a certificate is a client's own (RFC 8705 section 2).</summary>
public sealed class CertificateAuthentication(ClientKeys keys, TimeProvider clock)
{
    /// <summary>What is wrong with a certificate, for the log; null: nothing.</summary>
    public string? Refusal(RealmSnapshot realm, Client client, ClientCertificate presented)
    {
        var certificate = presented.Certificate;
        var now = clock.GetUtcNow();
        if (now < new DateTimeOffset(certificate.NotBefore.ToUniversalTime()) || now > new DateTimeOffset(certificate.NotAfter.ToUniversalTime()))
        {
            return "its certificate is expired, or not valid yet";
        }

        if (client.TokenEndpointAuthMethod is null or TokenEndpointAuthMethods.SelfSignedTlsClientAuth && IsRegistered(client, presented))
        {
            return null;
        }

        return client.TokenEndpointAuthMethod is null or TokenEndpointAuthMethods.TlsClientAuth && client.TlsClientAuth is { } name
            ? IssuedRefusal(realm.Realm, certificate, name, now)
            : "the certificate is none of its own";
    }

    /// <summary>Section 2.2: the registered certificate itself, or any of the registered key.</summary>
    private bool IsRegistered(Client client, ClientCertificate presented) => keys.Of(client).Any(key =>
        key.CertificateThumbprint is { } thumbprint ? thumbprint == presented.Thumbprint : key.IsIn(presented.Certificate));

    /// <summary>Section 2.1: one of the realm's authorities says that the certificate is of who has the registered name.</summary>
    private static string? IssuedRefusal(Realm realm, X509Certificate2 certificate, TlsClientAuth name, DateTimeOffset now)
    {
        if (!HasName(certificate, name))
        {
            return "the certificate has another name";
        }

        return realm.ClientCertificateAuthorities is { } authorities && CertificateAuthoritySet.Of(authorities).Issued(certificate, now)
            ? null
            : "no authority of the realm issued the certificate";
    }

    private static bool HasName(X509Certificate2 certificate, TlsClientAuth name)
    {
        if (name.SubjectDn is { } subject)
        {
            return DistinguishedNames.Canonical(subject) is { } registered && registered == DistinguishedNames.Canonical(certificate.SubjectName);
        }

        var names = SubjectAlternativeNames.Of(certificate);
        return (name.SanDns is { } dns && names.HasDns(dns))
            || (name.SanUri is { } uri && names.HasUri(uri))
            || (name.SanIp is { } address && names.HasAddress(address))
            || (name.SanEmail is { } email && names.HasEmail(email));
    }
}
