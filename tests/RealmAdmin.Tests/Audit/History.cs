using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Feed;
using Pltfrms.Iam.RealmAdmin.Realms;
using RealmAdmin.Tests.Storage;
using Testing;

namespace RealmAdmin.Tests.Audit;

/// <summary>Writes a realm's history the way the service does, but at times and by callers of the test's choice.</summary>
internal sealed class History
{
    public static readonly Caller Tester = new() { Kind = CallerKind.Operator, Id = "tester" };

    private readonly RealmWrites _writes;
    private readonly string _realmId;

    public History(IDatabase database, string realmId)
    {
        var realms = new RealmStore();
        _realmId = realmId;
        _writes = new RealmWrites(database, realms, new(realms), new WatchedRealms(), Clock);
    }

    public FakeClock Clock { get; } = new();

    /// <summary>Revision 1: the realm, one event.</summary>
    public async Task CreateAsync()
    {
        await using var write = await _writes.BeginOrCreateAsync(Samples.Realm(_realmId), default);
        await write.ApplyAsync(new RealmChange(null, Samples.Realm(_realmId)), default);
        await write.CommitAsync(Tester, default);
    }

    public async Task WriteAsync(Caller caller, params RealmChange[] changes)
    {
        await using var write = (await _writes.BeginAsync(_realmId, default))!;
        foreach (var change in changes)
        {
            await write.ApplyAsync(change, default);
        }

        await write.CommitAsync(caller, default);
    }

    /// <summary>One revision that makes roles.</summary>
    public Task RolesAsync(params string[] roleIds) =>
        WriteAsync(Tester, [.. roleIds.Select(id => new RealmChange(null, Samples.Role(_realmId, id)))]);

    /// <summary>Revisions 1 to 4 with 1, 3, 3 and 2 events.</summary>
    public async Task FourRevisionsAsync()
    {
        await CreateAsync();
        await RolesAsync("a", "b", "c");
        await WriteAsync(
            new Caller
            {
                Kind = CallerKind.Token,
                Id = "alice",
                RealmId = _realmId,
                ClientId = "cli",
                TokenId = "jti-1",
                ActChain = ["gateway"],
            },
            new RealmChange(Samples.Role(_realmId, "a"), Samples.Role(_realmId, "a") with { DisplayName = "Größe \"1\" \\ \u0001 𝄞" }),
            new RealmChange(Samples.Role(_realmId, "b"), Samples.Role(_realmId, "b") with { DisplayName = "B" }),
            new RealmChange(Samples.Role(_realmId, "c"), null));
        await RolesAsync("d", "e");
    }

    /// <summary>As many revisions of random changes as asked for.</summary>
    public async Task RandomAsync(int seed, int revisions)
    {
        var random = new Random(seed);
        var present = new Dictionary<string, Role>();
        await CreateAsync();
        for (var i = 0; i < revisions; i++)
        {
            Clock.Advance(TimeSpan.FromMicroseconds(random.Next(5_000_000)));
            var changes = new List<RealmChange>();
            foreach (var id in Enumerable.Range(0, 8).Select(n => $"role-{n}").OrderBy(_ => random.Next()).Take(random.Next(1, 8)))
            {
                var before = present.GetValueOrDefault(id);
                var after = before is not null && random.Next(3) == 0 ? null : Samples.Role(_realmId, id) with { DisplayName = $"{i} ü {random.Next()}" };
                changes.Add(new RealmChange(before, after));
                if (after is null)
                {
                    present.Remove(id);
                }
                else
                {
                    present[id] = after;
                }
            }

            await WriteAsync(Tester with { Id = $"tester-{random.Next(3)}" }, [.. changes]);
        }
    }
}
