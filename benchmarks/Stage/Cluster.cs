using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Npgsql;
using Testing;
using Testing.Databases;

namespace Benchmarks.Stage;

/// <summary>realm-admin and token, each a process with its own database, and an operator who calls them.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ClusterPlan _plan;
    private readonly string _operatorKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    private readonly Dictionary<string, (string Private, string Public)> _keys = new() { ["realm-admin"] = NewKey(), ["token"] = NewKey() };
    private readonly int _realmAdminPort = FreePort.Next();
    private readonly int _tokenPort = FreePort.Next();
    private readonly int _tokenHttpPort = FreePort.Next();
    private PostgresServer? _postgres;
    private ServiceProcess? _realmAdmin;
    private ServiceProcess? _token;
    private int _postmaster;
    private string? _databaseVersion;

    private Cluster(ClusterPlan plan)
    {
        _plan = plan;
        RealmAdminCalls = Invoker(_realmAdminPort);
        TokenCalls = Invoker(_tokenPort);
    }

    public CallInvoker RealmAdminCalls { get; }

    public CallInvoker TokenCalls { get; }

    /// <summary>The database's name and version.</summary>
    public string DatabaseName => _databaseVersion is null ? "SQLite" : $"PostgreSQL {_databaseVersion}, commits synced";

    public string TokenHttp => Local(_tokenHttpPort);

    public string TokenGrpc => Local(_tokenPort);

    public string RealmAdminGrpc => Local(_realmAdminPort);

    /// <summary>An operator's, who may do everything in every realm.</summary>
    public string OperatorKey => _operatorKey;

    /// <summary>The settings with which a program opens the token service's database.</summary>
    public Dictionary<string, string?> TokenDatabase => Database("token");

    /// <summary>Likewise realm-admin's.</summary>
    public Dictionary<string, string?> RealmAdminDatabase => Database("realm_admin");

    /// <summary>CPU time of the database's processes, in microseconds; 0: the database is in the services' own.</summary>
    public double DatabaseCpu() => _postmaster == 0 ? 0 : ProcessTimes.CpuOfTree(_postmaster);

    public ServiceProcess RealmAdmin => _realmAdmin!;

    public ServiceProcess Token => _token!;

    public static async Task<Cluster> StartAsync(ClusterPlan plan)
    {
        var cluster = new Cluster(plan);
        WritePrivate(cluster._folder.File("operator.key"), cluster._operatorKey);
        WritePrivate(cluster._folder.File("encryption.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (plan.Engine == "postgres")
        {
            // Commits reach the disk, as they would in production; the cache is that of a small server.
            cluster._postgres = await PostgresServer.StartAsync("-c shared_buffers=512MB -c max_wal_size=4GB");
            await cluster.CreateDatabasesAsync();
        }

        await cluster.StartServicesAsync();
        return cluster;
    }

    public async Task RestartAsync()
    {
        await StopServicesAsync();
        await StartServicesAsync();
    }

    public async Task RestartTokenAsync()
    {
        await _token!.DisposeAsync();
        _token = await StartTokenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopServicesAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartServicesAsync()
    {
        _realmAdmin = await ServiceProcess.StartAsync(
            _plan.RealmAdminProgram,
            _realmAdminPort,
            Common("realm-admin", "realm_admin", new()
            {
                ["Listen:Grpc"] = Local(_realmAdminPort),
                ["Peers:Token:Address"] = Local(_tokenPort),
                ["TrustedServices:token:PublicKey"] = _keys["token"].Public,
                ["TrustedServices:token:Permissions:0"] = "iam.realms.watch",
            }));
        _token = await StartTokenAsync();
    }

    private Task<ServiceProcess> StartTokenAsync() => ServiceProcess.StartAsync(
        _plan.TokenProgram,
        _tokenPort,
        Common("token", "token", new(_plan.TokenSettings)
        {
            ["Listen:Grpc"] = Local(_tokenPort),
            ["Listen:Http"] = Local(_tokenHttpPort),
            ["Peers:RealmAdmin:Address"] = Local(_realmAdminPort),
            ["Token:PublicAddress"] = Local(_tokenHttpPort),
            ["Token:KeyEncryptionKeyFile"] = _folder.File("encryption.key"),
            ["TrustedServices:realm-admin:PublicKey"] = _keys["realm-admin"].Public,
            ["TrustedServices:realm-admin:Permissions:0"] = "iam.permissions.check",
        }));

    private async Task StopServicesAsync()
    {
        if (_token is not null)
        {
            await _token.DisposeAsync();
        }

        if (_realmAdmin is not null)
        {
            await _realmAdmin.DisposeAsync();
        }
    }

    private Dictionary<string, string> Common(string service, string database, Dictionary<string, string> own)
    {
        own["Operator:KeyFile"] = _folder.File("operator.key");
        own["ServiceKey:PrivateKey"] = _keys[service].Private;
        own["Logging:LogLevel:Default"] = "Warning";
        foreach (var (name, value) in Database(database))
        {
            own[name] = value!;
        }

        return own;
    }

    private Dictionary<string, string?> Database(string name) => new()
    {
        ["Database:Engine"] = _plan.Engine,
        [_postgres is null ? "Database:File" : "Database:ConnectionString"] = _postgres?.ConnectionString(name) ?? _folder.File($"{name}.db"),
    };

    private async Task CreateDatabasesAsync()
    {
        await using var connection = new NpgsqlConnection(_postgres!.ConnectionString("postgres"));
        await connection.OpenAsync();
        foreach (var database in new[] { "realm_admin", "token" })
        {
            await using var command = new NpgsqlCommand($"create database {database}", connection);
            await command.ExecuteNonQueryAsync();
        }

        // All of the server's processes are children of one.
        await using var own = new NpgsqlCommand("select pg_backend_pid()", connection);
        _postmaster = ProcessTimes.ParentOf((int)(await own.ExecuteScalarAsync())!);
        _databaseVersion = connection.PostgreSqlVersion.ToString();
    }

    private CallInvoker Invoker(int port)
    {
        var options = new GrpcChannelOptions
        {
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
        };
        return GrpcChannel.ForAddress(Local(port), options).CreateCallInvoker().Intercept(headers =>
        {
            headers.Add("authorization", $"Bearer {_operatorKey}");
            return headers;
        });
    }

    private static string Local(int port) => $"http://127.0.0.1:{port}";

    private static void WritePrivate(string file, string text)
    {
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static (string Private, string Public) NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportPkcs8PrivateKeyPem(), key.ExportSubjectPublicKeyInfoPem());
    }
}
