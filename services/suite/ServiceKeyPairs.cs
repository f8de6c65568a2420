using System.Security.Cryptography;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Suite;

/// <summary>Both ends' keys for the services' assertions: new at each start, in memory only.</summary>
internal sealed class ServiceKeyPairs
{
    private readonly Dictionary<string, (string Private, string Public)> _pems =
        new[] { ServiceNames.RealmAdmin, ServiceNames.Token, ServiceNames.Consent }.ToDictionary(n => n, _ => New());

    public string PrivateKey(string serviceName) => _pems[serviceName].Private;

    public string PublicKey(string serviceName) => _pems[serviceName].Public;

    private static (string Private, string Public) New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportPkcs8PrivateKeyPem(), key.ExportSubjectPublicKeyInfoPem());
    }
}
