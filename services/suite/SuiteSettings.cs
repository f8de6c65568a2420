using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;

namespace Pltfrms.Iam.Suite;

/// <summary>Each service's configuration in the suite.</summary>
internal sealed class SuiteSettings(SuitePorts ports, DataFolder data, ServiceKeyPairs keys)
{
    public Dictionary<string, string?> RealmAdmin() => With(
        ServiceNames.RealmAdmin,
        data.RealmAdminDatabase,
        new()
        {
            ["Listen:Grpc"] = Local(ports.RealmAdminGrpc),
            ["Listen:Http"] = null,
            ["Peers:Token:Address"] = Local(ports.TokenGrpc),
            ["Peers:Consent:Address"] = Local(ports.ConsentGrpc),
            ["Secrets:KeyFile"] = data.SecretsKey,
            [$"TrustedServices:{ServiceNames.Token}:PublicKey"] = keys.PublicKey(ServiceNames.Token),
            [$"TrustedServices:{ServiceNames.Token}:Permissions:0"] = IamPermissions.RealmsWatch,
            [$"TrustedServices:{ServiceNames.Token}:Permissions:1"] = IamPermissions.UsersResolve,
            [$"TrustedServices:{ServiceNames.Token}:Permissions:2"] = IamPermissions.AuditRecord,
            [$"TrustedServices:{ServiceNames.Token}:Permissions:5"] = IamPermissions.ClientsRegister,
            [$"TrustedServices:{ServiceNames.Consent}:PublicKey"] = keys.PublicKey(ServiceNames.Consent),
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:0"] = IamPermissions.RealmsWatch,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:1"] = IamPermissions.AuditAnchor,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:2"] = IamPermissions.DelegationsRelay,
        });

    public Dictionary<string, string?> Token() => With(
        ServiceNames.Token,
        data.TokenDatabase,
        new()
        {
            ["Listen:Grpc"] = Local(ports.TokenGrpc),
            ["Listen:Http"] = Local(ports.TokenHttp),
            ["Peers:RealmAdmin:Address"] = Local(ports.RealmAdminGrpc),
            ["Peers:Consent:Address"] = Local(ports.ConsentGrpc),
            ["Token:PublicAddress"] = Local(ports.TokenHttp),
            ["Token:DevelopmentLogin"] = "true",
            ["Token:KeyEncryptionKeyFile"] = data.KeyEncryptionKey,
            ["Secrets:KeyFile"] = data.SecretsKey,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:PublicKey"] = keys.PublicKey(ServiceNames.RealmAdmin),
            [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:0"] = IamPermissions.PermissionsCheck,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:1"] = IamPermissions.GrantsRead,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:2"] = IamPermissions.TokensIntrospect,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:3"] = IamPermissions.RealmsErase,
            [$"TrustedServices:{ServiceNames.Consent}:PublicKey"] = keys.PublicKey(ServiceNames.Consent),
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:0"] = IamPermissions.PermissionsCheck,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:1"] = IamPermissions.TokensIntrospect,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:2"] = IamPermissions.GrantsRead,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:3"] = IamPermissions.GrantsRevoke,
        });

    public Dictionary<string, string?> Consent() => With(
        ServiceNames.Consent,
        data.ConsentDatabase,
        new()
        {
            ["Listen:Grpc"] = Local(ports.ConsentGrpc),
            ["Listen:Http"] = Local(ports.ConsentHttp),
            ["Peers:RealmAdmin:Address"] = Local(ports.RealmAdminGrpc),
            ["Peers:Token:Address"] = Local(ports.TokenGrpc),
            ["Consent:PublicAddress"] = Local(ports.ConsentHttp),
            [$"TrustedServices:{ServiceNames.Token}:PublicKey"] = keys.PublicKey(ServiceNames.Token),
            [$"TrustedServices:{ServiceNames.Token}:Permissions:0"] = IamPermissions.ConsentsStart,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:PublicKey"] = keys.PublicKey(ServiceNames.RealmAdmin),
            [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:0"] = IamPermissions.RealmsErase,
        });

    private static string Local(int port) => $"http://127.0.0.1:{port}";

    private Dictionary<string, string?> With(string serviceName, string database, Dictionary<string, string?> own)
    {
        own["Database:Engine"] = "sqlite";
        own["Database:File"] = database;
        own["ServiceKey:PrivateKey"] = keys.PrivateKey(serviceName);
        own["ServiceKey:PrivateKeyFile"] = null;
        own["Operator:KeyFile"] = data.OperatorKey;
        own["Operator:Key"] = null;
        // The table of addresses is the suite's own news.
        own["Logging:LogLevel:Default"] = "Warning";
        return own;
    }
}
