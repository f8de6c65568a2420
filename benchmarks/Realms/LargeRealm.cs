using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Globalization;
using System.Text;
using Benchmarks.Stage;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using RealmPosition = Pltfrms.Iam.Common.Realms.RealmPosition;

namespace Benchmarks.Realms;

/// <summary>One realm at two sizes: what it costs to fill, to load, to keep in memory, and how soon a write is seen.</summary>
internal sealed class LargeRealm(Cluster cluster, Settings settings, TextWriter output)
{
    private const int PerCall = 1_000;
    private const int Organizations = 100;
    private const int Roles = 50;

    private readonly RealmService.RealmServiceClient _realms = new(cluster.RealmAdminCalls);
    private readonly RoleBindingService.RoleBindingServiceClient _bindings = new(cluster.RealmAdminCalls);
    private readonly PermissionService.PermissionServiceClient _permissions = new(cluster.TokenCalls);

    public async Task RunAsync()
    {
        await output.WriteLineAsync(
            $"""

            | bindings / users / groups ({settings.Engine}) | users/s | bindings/s | CPU µs per binding | 20,000 resources by document s | first answer s | snapshot load s | of it compiling s | bytes per binding | token service MiB | write answered p50 / p99 ms | seen by a check p50 / p99 ms | CPU of both per write ms |
            |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var bindings in new[] { settings.Bindings / 10, settings.Bindings })
        {
            await MeasureAsync(bindings);
        }
    }

    private async Task MeasureAsync(int bindings)
    {
        var (realmId, users, groups) = ($"large-{bindings}", bindings / 10, bindings / 1_000);
        await ImportAsync(realmId, Base(groups));
        var usersPerSecond = await LoadAsync(realmId, users, i => User(realmId, i, groups));
        var usersOnly = await SnapshotAsync(realmId);
        var cpuBefore = cluster.RealmAdmin.Cpu;
        var bindingsPerSecond = await LoadAsync(realmId, bindings, i => Binding(realmId, i, users, groups));
        var cpuPerBinding = (cluster.RealmAdmin.Cpu - cpuBefore).TotalMicroseconds / bindings;
        var imported = await ImportAsync($"document-{bindings}", Base(100) + Many(10_000, 10_000));

        var snapshot = await SnapshotAsync(realmId);
        await cluster.RestartTokenAsync();
        var start = Stopwatch.GetTimestamp();
        await CheckAsync(realmId, "u0", 0);
        var firstAnswer = Stopwatch.GetElapsedTime(start);
        var memory = cluster.Token.ResidentMebibytes;
        var (answered, seen, cpu) = await WritesAsync(realmId, users);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {bindings:N0} / {users:N0} / {groups:N0} | {usersPerSecond:N0} | {bindingsPerSecond:N0} | {cpuPerBinding:0} | {imported.TotalSeconds:0.0} | {firstAnswer.TotalSeconds:0.0} | {snapshot.Load.TotalSeconds:0.0} | {snapshot.Compile.TotalSeconds:0.00} | {(snapshot.Bytes - usersOnly.Bytes) / bindings:N0} | {memory:N0} | {answered} | {seen} | {cpu:0.0} |"));
    }

    /// <summary>Batches of 1,000, one after the other: a document has a limit of 16 MiB.</summary>
    private async Task<double> LoadAsync(string realmId, int count, Func<int, WriteOperation> operation)
    {
        var start = Stopwatch.GetTimestamp();
        for (var first = 0; first < count; first += PerCall)
        {
            var request = new BatchWriteRequest { RealmId = realmId };
            request.Operations.Add(Enumerable.Range(first, Math.Min(PerCall, count - first)).Select(operation));
            await _realms.BatchWriteAsync(request);
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>What the token service does, in this process, where it can be measured.</summary>
    private async Task<(TimeSpan Load, TimeSpan Compile, double Bytes)> SnapshotAsync(string realmId)
    {
        await using var snapshots = new RealmSnapshots(
            new GrpcRealmFeed(cluster.RealmAdminCalls), Options.Create(new RealmFeedOptions()), TimeProvider.System, NullLogger<RealmSnapshots>.Instance);
        var start = Stopwatch.GetTimestamp();
        RealmSnapshot? snapshot = null;
        while (snapshot is null)
        {
            try
            {
                snapshot = await snapshots.GetLastKnownAsync(realmId, CancellationToken.None);
            }
            catch (Pltfrms.Iam.Common.Errors.IamException)
            {
                // One call waits five seconds at the most.
            }
        }

        var load = Stopwatch.GetElapsedTime(start);
        var (compile, bytes) = Build(await ResourcesAsync(realmId));
        return (load, compile, bytes);
    }

    /// <summary>In a box, so that nothing that waited for it keeps what was collected.</summary>
    private async Task<StrongBox<RealmSnapshotBuilder?>> ResourcesAsync(string realmId)
    {
        using var enough = new CancellationTokenSource();
        var resources = new StrongBox<RealmSnapshotBuilder?>(new());
        await foreach (var next in new GrpcRealmFeed(cluster.RealmAdminCalls).WatchAsync(realmId, RealmPosition.Start, enough.Token))
        {
            if (next is not RealmFeedEvent.SnapshotPart part)
            {
                break;
            }

            foreach (var resource in part.Resources)
            {
                resources.Value!.Add(resource);
            }

            if (part.IsLast)
            {
                break;
            }
        }

        return resources;
    }

    /// <summary>How long it takes when the last part is there, and what goes when nobody holds the snapshot any more: the records and what finds them.</summary>
    private static (TimeSpan Time, long Bytes) Build(StrongBox<RealmSnapshotBuilder?> resources)
    {
        var start = Stopwatch.GetTimestamp();
        var snapshot = Built(resources);
        var time = Stopwatch.GetElapsedTime(start);
        resources.Value = null;
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(snapshot);
        snapshot = null;
        return (time, heap - GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>A frame of its own, which is gone when memory is measured.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RealmSnapshot? Built(StrongBox<RealmSnapshotBuilder?> resources) => resources.Value!.Build(1);

    /// <summary>A role is given and, next, taken: from sending the write to its answer, and to the answer of a check that sees it.</summary>
    private async Task<(Latencies Answered, Latencies Seen, double Cpu)> WritesAsync(string realmId, int users)
    {
        var (answered, seen) = (new Latencies(), new Latencies());
        var cpu = TimeSpan.Zero;
        for (var i = -20; i < settings.Writes; i++)
        {
            if (i == 0)
            {
                (answered, seen) = (new Latencies(), new Latencies());
                cpu = cluster.RealmAdmin.Cpu + cluster.Token.Cpu;
            }

            var user = $"u{(Math.Abs(i) / 2 * 7919) % users}";
            var start = Stopwatch.GetTimestamp();
            var revision = i % 2 == 0
                ? (await _bindings.CreateRoleBindingAsync(new() { RealmId = realmId, RoleBinding = new() { RoleBindingId = $"probe-{i / 2}", UserId = user, RoleId = "probe" } })).Revision
                : (await _bindings.DeleteRoleBindingAsync(new() { RealmId = realmId, RoleBindingId = $"probe-{(i - 1) / 2}" })).Revision;
            answered.Add(Stopwatch.GetElapsedTime(start));
            if (await CheckAsync(realmId, user, revision) != (i % 2 == 0))
            {
                throw new InvalidOperationException($"Write {i} was not seen by a check at its revision.");
            }

            seen.Add(Stopwatch.GetElapsedTime(start));
        }

        return (answered, seen, (cluster.RealmAdmin.Cpu + cluster.Token.Cpu - cpu).TotalMilliseconds / settings.Writes);
    }

    private async Task<bool> CheckAsync(string realmId, string userId, long revision)
    {
        while (true)
        {
            try
            {
                var answer = await _permissions.CheckPermissionAsync(
                    new CheckPermissionRequest { RealmId = realmId, UserId = userId, Permission = "probe.read", MinRevision = revision });
                return answer.Allowed;
            }
            catch (Grpc.Core.RpcException exception) when (exception.StatusCode == Grpc.Core.StatusCode.Unavailable && revision == 0)
            {
                // The first load may take longer than one call waits.
            }
        }
    }

    private async Task<TimeSpan> ImportAsync(string realmId, string document)
    {
        var start = Stopwatch.GetTimestamp();
        await _realms.ImportRealmAsync(new ImportRealmRequest { RealmId = realmId, Document = $"realm_id: {realmId}\n{document}" });
        return Stopwatch.GetElapsedTime(start);
    }

    private static string Base(int groups)
    {
        var text = new StringBuilder();
        text.AppendLine("resource_servers: [{audience: 'urn:api', permissions: [{permission: probe.read}, {permission: a.read}]}]");
        text.AppendLine("organizations:").AppendJoin('\n', Enumerable.Range(0, Organizations).Select(i => $"  - organization_id: o{i}")).AppendLine();
        text.AppendLine("groups:").AppendJoin('\n', Enumerable.Range(0, groups).Select(i => $"  - group_id: g{i}")).AppendLine();
        text.AppendLine("roles:").AppendLine("  - {role_id: probe, permissions: [probe.read]}")
            .AppendJoin('\n', Enumerable.Range(0, Roles).Select(i => $"  - {{role_id: r{i}, permissions: [a.read]}}")).AppendLine();
        return text.ToString();
    }

    private static string Many(int users, int bindings)
    {
        var text = new StringBuilder();
        text.AppendLine("users:").AppendJoin('\n', Enumerable.Range(0, users).Select(i => $"  - {{user_id: u{i}, organization_ids: [o{i % Organizations}], group_ids: [g{i % 100}]}}")).AppendLine();
        text.AppendLine("role_bindings:").AppendJoin('\n', Enumerable.Range(0, bindings).Select(i => $"  - {{user_id: u{i}, role_id: r{i % Roles}, organization_id: o{i % Organizations}}}")).AppendLine();
        return text.ToString();
    }

    private static WriteOperation User(string realmId, int i, int groups) => new()
    {
        CreateUser = new()
        {
            RealmId = realmId,
            User = new() { UserId = $"u{i}", OrganizationIds = { $"o{i % Organizations}" }, GroupIds = { $"g{i % groups}" } },
        },
    };

    /// <summary>Ten for each user, in organizations; one of a hundred is a group's, one of fifty is for a time only.</summary>
    private static WriteOperation Binding(string realmId, int i, int users, int groups)
    {
        var binding = new RoleBinding { RoleBindingId = $"b{i}", RoleId = $"r{i / users % Roles}", OrganizationId = $"o{(i + (i / users)) % Organizations}" };
        if (i % 100 == 0)
        {
            binding.GroupId = $"g{i / 100 % groups}";
        }
        else
        {
            binding.UserId = $"u{i % users}";
        }

        if (i % 50 == 1)
        {
            binding.ExpireTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddYears(1));
        }

        return new() { CreateRoleBinding = new() { RealmId = realmId, RoleBinding = binding } };
    }
}
