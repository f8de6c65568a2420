using System.Security.Cryptography;
using Grpc.Core;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Testing;

namespace Suite.Tests;

/// <summary>What services on their own are told: where the others are, whose keys they trust, who is an operator.</summary>
internal sealed class ServiceSettings : IDisposable
{
    private const string OperatorKey = "an-operator-key-that-only-these-tests-know";

    private readonly TemporaryFolder _folder = new();
    private readonly string _operatorFile;
    private readonly string _encryptionFile;
    private readonly Dictionary<string, (string Private, string Public)> _keys =
        new[] { ServiceNames.RealmAdmin, ServiceNames.Token, ServiceNames.Consent }.ToDictionary(name => name, _ => NewKey());

    public ServiceSettings()
    {
        _operatorFile = WriteSecret("operator.key", OperatorKey);
        _encryptionFile = WriteSecret("encryption.key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    public static Metadata Operator { get; } = SuiteProcess.Bearer(OperatorKey);

    public static string Local(int port) => $"http://127.0.0.1:{port}";

    /// <summary>A database of its own for a service, on SQLite.</summary>
    public Dictionary<string, string?> Sqlite(string service) =>
        new() { ["Database:Engine"] = "sqlite", ["Database:File"] = _folder.File($"{service}.db") };

    public Dictionary<string, string?> RealmAdmin(IReadOnlyDictionary<string, string?> database, int port, int token, int consent) => new(Common(ServiceNames.RealmAdmin, database))
    {
        ["Listen:Grpc"] = Local(port),
        ["Listen:Http"] = null,
        ["Peers:Token:Address"] = Local(token),
        ["Peers:Consent:Address"] = Local(consent),
        // Longer than the two seconds after which a realm is stale.
        ["Erasure:Quarantine"] = "00:00:02.5",
        ["Erasure:Interval"] = "00:00:00.2",
        [$"TrustedServices:{ServiceNames.Token}:PublicKey"] = _keys[ServiceNames.Token].Public,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:0"] = IamPermissions.RealmsWatch,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:1"] = IamPermissions.UsersResolve,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:2"] = IamPermissions.AuditRecord,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:5"] = IamPermissions.ClientsRegister,
        [$"TrustedServices:{ServiceNames.Consent}:PublicKey"] = _keys[ServiceNames.Consent].Public,
        [$"TrustedServices:{ServiceNames.Consent}:Permissions:0"] = IamPermissions.RealmsWatch,
        [$"TrustedServices:{ServiceNames.Consent}:Permissions:1"] = IamPermissions.AuditAnchor,
        [$"TrustedServices:{ServiceNames.Consent}:Permissions:2"] = IamPermissions.DelegationsRelay,
    };

    public Dictionary<string, string?> Token(
        IReadOnlyDictionary<string, string?> database, string issuing, string http, int port, int realmAdmin, int consent) => new(Common(ServiceNames.Token, database))
        {
            ["Listen:Grpc"] = Local(port),
            ["Listen:Http"] = http,
            ["Peers:RealmAdmin:Address"] = Local(realmAdmin),
            ["Peers:Consent:Address"] = Local(consent),
            ["Token:PublicAddress"] = issuing,
            ["Token:DevelopmentLogin"] = "true",
            ["Token:KeyEncryptionKeyFile"] = _encryptionFile,
            ["Secrets:KeyFile"] = _encryptionFile,
            [$"TrustedServices:{ServiceNames.Consent}:PublicKey"] = _keys[ServiceNames.Consent].Public,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:0"] = IamPermissions.PermissionsCheck,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:1"] = IamPermissions.TokensIntrospect,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:2"] = IamPermissions.GrantsRead,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:3"] = IamPermissions.GrantsRevoke,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:PublicKey"] = _keys[ServiceNames.RealmAdmin].Public,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:0"] = IamPermissions.RealmsErase,
        };

    public Dictionary<string, string?> Consent(IReadOnlyDictionary<string, string?> database, int port, int realmAdmin, int token) => new(Common(ServiceNames.Consent, database))
    {
        ["Listen:Grpc"] = Local(port),
        ["Listen:Http"] = Local(0),
        ["Peers:RealmAdmin:Address"] = Local(realmAdmin),
        ["Peers:Token:Address"] = Local(token),
        [$"TrustedServices:{ServiceNames.Token}:PublicKey"] = _keys[ServiceNames.Token].Public,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:0"] = IamPermissions.ConsentsStart,
        [$"TrustedServices:{ServiceNames.RealmAdmin}:PublicKey"] = _keys[ServiceNames.RealmAdmin].Public,
        [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:0"] = IamPermissions.RealmsErase,
    };

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string?> Common(string service, IReadOnlyDictionary<string, string?> database) => new(database)
    {
        ["ServiceKey:PrivateKey"] = _keys[service].Private,
        ["Operator:KeyFile"] = _operatorFile,
        ["Logging:LogLevel:Default"] = "Critical",
    };

    private string WriteSecret(string name, string content)
    {
        var file = _folder.File(name);
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    private static (string Private, string Public) NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportPkcs8PrivateKeyPem(), key.ExportSubjectPublicKeyInfoPem());
    }
}
