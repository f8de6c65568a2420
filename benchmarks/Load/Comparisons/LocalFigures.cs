using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Benchmarks.Load.Results;

namespace Benchmarks.Load.Comparisons;

/// <summary>The client library that decides in its own process, which is started for it.</summary>
internal sealed class LocalFigures(Scene scene)
{
    private const string RealmId = "local";
    private bool _made;

    /// <summary>Checks on one thread.</summary>
    public async Task<Figure> ChecksAsync(Figure about)
    {
        var numbers = await RunAsync("checks");
        var (known, unknown, verifications) = (numbers["known per second"], numbers["unknown per second"], numbers["verifications per second"]);
        var fallbacks = (long)numbers["fallbacks"].Sum();
        return about with
        {
            Table = new(
                ["one thread", "checks/s", "bytes allocated for each"],
                [
                    ["local check, token seen before", Number(FigureOf.Median(known)), Number(numbers["known bytes"].Max())],
                    ["local check, token not seen before", Number(FigureOf.Median(unknown)), ""],
                    ["floor: one ES256 verification", Number(FigureOf.Median(verifications)), ""],
                ]),
            Aims =
            [
                new() { Text = "local check, token seen before, on one core", Aim = 2_000_000, Value = FigureOf.Median(known), Unit = "/s" },
                new() { Text = "local check, token seen before, allocated", Aim = 0, Value = Math.Round(numbers["known bytes"].Max(), 2), Unit = "bytes", IsCeiling = true },
                new()
                {
                    Text = "local check, token not seen before: one ES256 verification",
                    Aim = 0.9,
                    Value = FigureOf.Median(unknown.Zip(verifications, (check, floor) => check / floor)),
                    Unit = "×",
                },
            ],
            Notes = fallbacks == 0 ? [] : [$"{fallbacks} questions were asked of the token service after all."],
        };
    }

    /// <summary>From the call that ends something until it is denied here.</summary>
    public async Task<Figure> FreshnessAsync(Figure about)
    {
        var numbers = await RunAsync("freshness");
        var fallbacks = (long)numbers["fallbacks while fresh"].Sum();
        return about with
        {
            Table = new(
                ["until a watching client denies it, ms", "times", "p50", "p99", "worst"],
                [Row("a token is revoked", numbers["revoked ms"]), Row("a role binding is removed", numbers["removed ms"])]),
            Aims = [P99("revocation effective in a watching client, p99", numbers["revoked ms"]), P99("role removal effective in a watching client, p99", numbers["removed ms"])],
            Notes = fallbacks == 0 ? [] : [$"{fallbacks} questions were asked of the token service, which knows sooner: these numbers are too good."],
        };
    }

    private static Reached P99(string text, IReadOnlyList<double> milliseconds) =>
        new() { Text = text, Aim = 50, Value = At(milliseconds, 0.99), Unit = "ms", IsCeiling = true };

    private static string[] Row(string name, IReadOnlyList<double> milliseconds) =>
        [name, $"{milliseconds.Count}", Number(At(milliseconds, 0.5)), Number(At(milliseconds, 0.99)), Number(milliseconds.Max())];

    private static string Number(double value) => ResultsPage.Number(value);

    private static double At(IReadOnlyList<double> values, double share) => values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(values.Count * share) - 1));

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<double>>> RunAsync(string what)
    {
        if (!_made)
        {
            await scene.ImportAsync(RealmId, Document, clientId: "service");
            _made = true;
        }

        var start = new ProcessStartInfo(scene.Settings.LocalProgram, [what]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment(scene))
        {
            start.Environment[$"BENCHMARK_{name}"] = value;
        }

        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT");
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<double>>>(output.Trim().Split('\n')[^1])!
            : throw new InvalidOperationException($"{what}: {await complaints} {output}");
    }

    private static Dictionary<string, string> Environment(Scene scene) => new()
    {
        ["TOKEN_HTTP"] = scene.Cluster.TokenHttp,
        ["TOKEN_GRPC"] = scene.Cluster.TokenGrpc,
        ["REALM_ADMIN_GRPC"] = scene.Cluster.RealmAdminGrpc,
        ["OPERATOR_KEY"] = scene.Cluster.OperatorKey,
        ["REALM"] = RealmId,
        ["ROUNDS"] = scene.Settings.Rounds.ToString(CultureInfo.InvariantCulture),
        ["SECONDS"] = scene.Settings.Measure.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ["NEW_TOKENS"] = scene.Settings.Quick ? "200" : "10000",
        ["CHANGES"] = scene.Settings.Quick ? "5" : "300",
    };

    private const string Document = """
        realm_id: local
        access_token_lifetime: 1h
        resource_servers:
          - audience: urn:api
            client_id: api
            permissions: [{permission: invoices.read}, {permission: invoices.approve}]
        clients:
          - {client_id: service, client_type: service, grant_types: [client_credentials], scopes: [invoices.read, invoices.approve], secrets: [{secret_id: s, secret: local-secret-0123456789abcdef0123456789}]}
          - {client_id: api, client_type: service, grant_types: [client_credentials], scopes: [iam.permissions.check, iam.tokens.introspect], secrets: [{secret_id: s, secret: local-secret-0123456789abcdef0123456789}]}
        roles:
          - {role_id: reader, permissions: [invoices.read]}
          - {role_id: probe, permissions: [invoices.approve]}
        role_bindings:
          - {client_id: service, role_id: reader}
          - {client_id: api, role_id: iam-resource-server}
        """;
}
