using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>This service's own key and those of the services that it trusts, from the configuration.</summary>
public sealed class ServiceKeys : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly Lock _lock = new();
    private readonly ECDsa? _own;
    private readonly Dictionary<string, TrustedService> _trusted;

    /// <exception cref="StartupException">A key cannot be read; names the setting.</exception>
    public ServiceKeys(IOptions<ServiceKeySettings> own, IOptions<TrustedServicesSettings> trusted)
    {
        _own = Read("ServiceKey:PrivateKey", own.Value.PrivateKey, own.Value.PrivateKeyFile);
        _trusted = trusted.Value.ToDictionary(
            t => NameOf(t.Key),
            t =>
            {
                var setting = $"TrustedServices:{t.Key}:PublicKey";
                var key = Read(setting, t.Value.PublicKey, t.Value.PublicKeyFile) ?? throw new StartupException($"{setting} is missing.");
                return new TrustedService(NameOf(t.Key), key, t.Value.Permissions);
            },
            StringComparer.Ordinal);
    }

    public TrustedService? FindTrusted(string name) => _trusted.GetValueOrDefault(name);

    public byte[] Sign(byte[] data)
    {
        var key = _own ?? throw new InvalidOperationException("ServiceKey is not configured.");
        lock (_lock)
        {
            return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    /// <summary>A secret of 32 bytes for one purpose, the same on every replica of this service (RFC 5869).</summary>
    public byte[] Derive(string purpose)
    {
        var key = _own ?? throw new InvalidOperationException("ServiceKey is not configured.");
        byte[] secret;
        lock (_lock)
        {
            secret = key.ExportParameters(includePrivateParameters: true).D!;
        }

        try
        {
            return HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, outputLength: 32, info: Encoding.UTF8.GetBytes(purpose));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    public void Dispose()
    {
        _own?.Dispose();
        foreach (var service in _trusted.Values)
        {
            service.Dispose();
        }
    }

    /// <summary>An environment variable cannot have a hyphen, so <c>RealmAdmin</c> is <c>realm-admin</c>, as in <c>Peers</c>.</summary>
    private static string NameOf(string configured) =>
        Array.Find(ServiceNames.All, name => PeersSettings.KeyOf(name).Equals(PeersSettings.KeyOf(configured), StringComparison.OrdinalIgnoreCase))
        ?? configured;

    private static ECDsa? Read(string setting, string? pem, string? file)
    {
        if (pem is null && file is null)
        {
            return null;
        }

        var where = pem is null ? $"{setting}File: {file}" : setting;
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem ?? File.ReadAllText(file!));
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != P256)
            {
                throw new CryptographicException("its curve is not P-256");
            }

            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new StartupException($"{where} is not a readable EC P-256 key in PEM: {exception.Message}", exception);
        }
    }
}
