using System.Diagnostics;
using System.Globalization;
using Benchmarks.Stage;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Realms;

/// <summary>Does a realm cost more, or a service, where there are many realms that nobody uses?</summary>
internal sealed class ManyRealms(Cluster cluster, Settings settings, TextWriter output)
{
    private const int Few = 10;
    private const int Samples = 200;

    private readonly RealmService.RealmServiceClient _realms = new(cluster.RealmAdminCalls);
    private readonly PermissionService.PermissionServiceClient _permissions = new(cluster.TokenCalls);
    private int _made;

    public async Task RunAsync()
    {
        await output.WriteLineAsync(
            $"""

            | realms that nobody uses ({settings.Engine}) | create p50 / p99 ms | open p50 / p99 ms | list 100 p50 / p99 ms | start realm-admin / token s | memory realm-admin / token MiB | idle CPU realm-admin / token % |
            |---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var realms in new[] { Few, settings.Realms })
        {
            await GrowAsync(realms);
            // Warm for both rows, so that neither is the first to run.
            await MeasureAsync(50);
            var (create, open, list) = await MeasureAsync(Samples);
            await cluster.RestartAsync();
            await Task.Delay(TimeSpan.FromSeconds(3));
            var idle = await Task.WhenAll(cluster.RealmAdmin.IdleCpuAsync(TimeSpan.FromSeconds(10)), cluster.Token.IdleCpuAsync(TimeSpan.FromSeconds(10)));
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {realms:N0} | {create} | {open} | {list} | {cluster.RealmAdmin.StartUp.TotalSeconds:0.00} / {cluster.Token.StartUp.TotalSeconds:0.00} | {cluster.RealmAdmin.ResidentMebibytes:0} / {cluster.Token.ResidentMebibytes:0} | {idle[0]:P1} / {idle[1]:P1} |"));
        }
    }

    private async Task GrowAsync(int realms)
    {
        var missing = Enumerable.Range(_made, Math.Max(0, realms - _made));
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await CreateAsync($"unused-{i}"));
        _made = Math.Max(_made, realms);
    }

    /// <summary>A realm's making, the first question about it, which makes the token service load it, and a page of the list.</summary>
    private async Task<(Latencies Create, Latencies Open, Latencies List)> MeasureAsync(int samples)
    {
        var (create, open, list) = (new Latencies(), new Latencies(), new Latencies());
        for (var i = 0; i < samples; i++)
        {
            var realmId = $"sample-{Guid.NewGuid():n}";
            var start = Stopwatch.GetTimestamp();
            await CreateAsync(realmId);
            create.Add(Stopwatch.GetElapsedTime(start));

            start = Stopwatch.GetTimestamp();
            await _permissions.CheckPermissionAsync(new CheckPermissionRequest { RealmId = realmId, UserId = "nobody", Permission = "a.read" });
            open.Add(Stopwatch.GetElapsedTime(start));

            start = Stopwatch.GetTimestamp();
            await _realms.ListRealmsAsync(new ListRealmsRequest { PageSize = 100 });
            list.Add(Stopwatch.GetElapsedTime(start));
        }

        return (create, open, list);
    }

    private async Task CreateAsync(string realmId) => await _realms.ImportRealmAsync(new ImportRealmRequest
    {
        RealmId = realmId,
        Document = $$"""
            realm_id: {{realmId}}
            resource_servers: [{audience: "urn:api", permissions: [{permission: a.read}]}]
            roles: [{role_id: reader, permissions: [a.read]}]
            clients: [{client_id: c, client_type: service, grant_types: [client_credentials], scopes: [a.read]}]
            users: [{user_id: ada}]
            role_bindings: [{user_id: ada, role_id: reader}]
            """,
    });
}
