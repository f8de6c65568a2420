using System.Diagnostics;
using Npgsql;

namespace Testing.Databases;

/// <summary>A private PostgreSQL server. It lives in a process of its own that stops and removes it when this process ends, however it ends.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => StartAsync());
    private readonly Process _keeper;

    private PostgresServer(Process keeper, int port)
    {
        _keeper = keeper;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The one server of this test process. Nobody stops it.</summary>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>A server of the caller's own, for tests that stop it.</summary>
    public static Task<PostgresServer> StartAsync() => StartAsync("");

    /// <param name="options">Of the server; empty: those of tests, whose data may die with the machine.</param>
    public static async Task<PostgresServer> StartAsync(string options)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Next();
            var keeper = StartKeeper(port, options);
            var answer = await keeper.StandardOutput.ReadLineAsync();
            if (answer == "ready")
            {
                return new PostgresServer(keeper, port);
            }

            var complaint = $"{answer} {await keeper.StandardError.ReadToEndAsync()}";
            keeper.Dispose();
            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"PostgreSQL does not start: {complaint.Trim()}");
            }
        }
    }

    /// <summary>Npgsql's connection string for a database of this server.</summary>
    public string ConnectionString(string database) => ConnectionString(database, Port);

    public static string ConnectionString(string database, int port) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = "postgres",
        Database = database,
        Timeout = 5,
        IncludeErrorDetail = true,
    }.ToString();

    /// <summary>Stops the server as an administrator would: connections are told and closed.</summary>
    public Task StopServerAsync() => TellAsync("stop", "stopped");

    /// <summary>Starts the stopped server on the same port and data.</summary>
    public Task StartServerAsync() => TellAsync("start", "ready");

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private static Process StartKeeper(int port, string options)
    {
        using var script = new StreamReader(typeof(PostgresServer).Assembly.GetManifestResourceStream("postgres-server.sh")!);
        string[] keeper = ["bash", "-c", script.ReadToEnd(), "postgres-server.sh", PostgresInstallation.RequireBinFolder(), $"{port}", options];

        // PostgreSQL refuses to run as root.
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", .. keeper] : keeper;
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private async Task TellAsync(string command, string expected)
    {
        await _keeper.StandardInput.WriteLineAsync(command);
        await _keeper.StandardInput.FlushAsync();
        var answer = await _keeper.StandardOutput.ReadLineAsync();
        if (answer != expected)
        {
            throw new InvalidOperationException($"PostgreSQL does not {command}: {answer}");
        }
    }
}
