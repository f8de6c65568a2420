using System.Net.Http.Json;
using System.Security.Cryptography;
using Benchmarks.Stage;
using Microsoft.Data.Sqlite;
using Testing;

namespace Benchmarks.Load.Peers;

/// <summary>
/// glewlwyd, an OpenID server in C, from Debian. Its packages are unpacked into the user's cache and not installed, which would make a service of it; its
/// database is SQLite, in memory where the machine has a file system there: it writes each token down, and on a disk would wait for it.
/// </summary>
internal sealed class GlewlwydPeer : Peer
{
    private static readonly string[] Packages =
    [
        "glewlwyd", "libulfius2.7", "libmicrohttpd12", "libhoel1.4", "libyder2.0", "liborcania2.3", "librhonabwy1.1", "libiddawc1.1", "libconfig9", "libcbor0.8",
        "liboath0", "libmariadb3",
    ];

    private const string PinnedVersion = "2.7.5";
    private const string MemoryFolder = "/dev/shm";

    private readonly TemporaryFolder _folder = new();
    private readonly string _database;

    public GlewlwydPeer()
        : base(PeerServers.Glewlwyd, PinnedVersion, Job.Issue, Job.Introspect)
    {
        _database = Directory.Exists(MemoryFolder) ? Path.Combine(MemoryFolder, $"{Path.GetFileName(_folder.Path)}.db") : _folder.File("glewlwyd.db");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(_database);
        _folder.Dispose();
    }

    protected override async Task<ServiceProcess> StartAsync()
    {
        var root = await UnpackAsync();
        await MakeDatabaseAsync(Path.Combine(root, "usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"));
        await File.WriteAllTextAsync(_folder.File("glewlwyd.conf"), Configuration(Path.Combine(root, "usr/lib/glewlwyd")));
        var libraries = Directory.EnumerateDirectories(Path.Combine(root, "usr/lib"), "*-linux-gnu").First();
        var process = await ServiceProcess.StartAsync(
            Path.Combine(root, "usr/bin/glewlwyd"),
            ["-c", _folder.File("glewlwyd.conf")],
            Port,
            new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = libraries });
        await SetUpAsync();
        return process;
    }

    protected override async Task<Target> MakeAsync(Job job, HttpClient http)
    {
        const string Issue = "grant_type=client_credentials&scope=read";
        return job == Job.Issue
            ? Form("/api/oidc/token", Issue, "\"access_token\":\"", Basic)
            : Form("/api/oidc/introspect", $"token={await Tokens.IssueAsync(http, Local("/api/oidc/token"), Issue, Basic)}", "\"active\":true", Basic);
    }

    private static async Task<string> UnpackAsync()
    {
        var folder = PeerCache.Folder("glewlwyd");
        var root = Path.Combine(folder, "root");
        if (PeerCache.Has(folder, "unpacked"))
        {
            return root;
        }

        try
        {
            await PeerCache.RunAsync("apt-get", ["download", .. Packages], folder);
        }
        catch (InvalidOperationException)
        {
            // A machine that never asked which packages there are.
            await PeerCache.RunAsync("apt-get", ["update"], folder);
            await PeerCache.RunAsync("apt-get", ["download", .. Packages], folder);
        }

        if (!Directory.EnumerateFiles(folder, $"glewlwyd_{PinnedVersion}-*.deb").Any())
        {
            throw new InvalidOperationException($"this release of Debian does not have glewlwyd {PinnedVersion}");
        }

        foreach (var package in Directory.EnumerateFiles(folder, "*.deb"))
        {
            await PeerCache.RunAsync("dpkg", ["-x", package, root], folder);
        }

        PeerCache.Keep(folder, "unpacked");
        return root;
    }

    private async Task MakeDatabaseAsync(string script)
    {
        await using var connection = new SqliteConnection($"Data Source={_database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = await File.ReadAllTextAsync(script);
        await command.ExecuteNonQueryAsync();
    }

    private string Configuration(string modules)
    {
        Directory.CreateDirectory(_folder.File("web"));
        Directory.CreateDirectory(_folder.File("none"));
        return $$"""
            port={{Port}}
            bind_address="127.0.0.1"
            external_url="http://127.0.0.1:{{Port}}"
            login_url="login.html"
            api_prefix="api"
            static_files_path="{{_folder.File("web")}}"
            log_mode="console"
            log_level="NONE"
            cookie_domain="127.0.0.1"
            cookie_secure=0
            session_expiration=86400
            session_key="GLEWLWYD2_SESSION_ID"
            admin_scope="g_admin"
            profile_scope="g_profile"
            user_module_path="{{modules}}/user"
            user_middleware_module_path="{{_folder.File("none")}}"
            client_module_path="{{modules}}/client"
            user_auth_scheme_module_path="{{modules}}/scheme"
            plugin_module_path="{{modules}}/plugin"
            hash_algorithm="SHA512"
            database = { type = "sqlite3" path = "{{_database}}" };
            """;
    }

    /// <summary>Its administrator, who has the password that the package gives, adds the client and the OpenID plugin.</summary>
    private async Task SetUpAsync()
    {
        using var administrator = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Local("/api/") };
        await PostAsync(administrator, "auth/", new { username = "admin", password = "password" });
        await PostAsync(administrator, "client/", Client());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await PostAsync(administrator, "mod/plugin/", new { module = "oidc", name = "oidc", display_name = "oidc", parameters = Parameters(key) });
    }

    private static Dictionary<string, object> Client() => new()
    {
        ["client_id"] = Id,
        ["name"] = Id,
        ["confidential"] = true,
        ["enabled"] = true,
        ["password"] = Secret,
        ["client_secret"] = Secret,
        ["authorization_type"] = (string[])["client_credentials"],
        ["scope"] = (string[])["read"],
        ["redirect_uri"] = (string[])["http://127.0.0.1/callback"],
        ["token_endpoint_auth_method"] = (string[])["client_secret_basic"],
    };

    private Dictionary<string, object> Parameters(ECDsa key) => new()
    {
        ["iss"] = $"http://127.0.0.1:{Port}",
        ["jwt-type"] = "ecdsa",
        ["jwt-key-size"] = "256",
        ["key"] = key.ExportPkcs8PrivateKeyPem(),
        ["cert"] = key.ExportSubjectPublicKeyInfoPem(),
        ["access-token-duration"] = 3600,
        ["refresh-token-duration"] = 86400,
        ["code-duration"] = 600,
        ["refresh-token-rolling"] = true,
        ["allow-non-oidc"] = true,
        ["auth-type-client-enabled"] = true,
        ["auth-type-code-enabled"] = true,
        ["auth-type-token-enabled"] = false,
        ["auth-type-id-token-enabled"] = true,
        ["auth-type-refresh-enabled"] = true,
        ["introspection-revocation-allowed"] = true,
        ["introspection-revocation-allow-target-client"] = true,
        ["introspection-revocation-auth-scope"] = Array.Empty<string>(),
    };

    private static async Task PostAsync(HttpClient administrator, string path, object body)
    {
        using var response = await administrator.PostAsJsonAsync(path, body);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"glewlwyd answers {path} with {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }
}
