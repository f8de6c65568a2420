using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

/// <summary>What every store of a realm's resources owes.</summary>
public abstract class ResourceStoreContract<T>(TestDatabase fixture, IResourceStore<T> store) : IAsyncLifetime
    where T : class, IRealmResource
{
    private readonly ChangeLogStore _changeLog = new();

    protected string RealmId { get; } = Samples.NewRealmId();

    protected IResourceStore<T> Store => store;

    public async Task InitializeAsync()
    {
        await CreateRealmAsync(RealmId);
        await PrepareAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    protected abstract T Sample(string realmId, string id);

    /// <summary>The same resource with other values in every column.</summary>
    protected abstract T Changed(T sample);

    /// <summary>Ids in ascending order that a collation other than by bytes would order differently.</summary>
    protected virtual IReadOnlyList<string> Ids => ["Z", "a", "a-1", "aa", "b"];

    protected virtual Task PrepareAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task An_unknown_id_is_null() => Assert.Null(await FindAsync("nobody"));

    [StorageFact]
    public async Task What_was_written_is_found_as_it_was()
    {
        var sample = Sample(RealmId, Ids[0]);

        await WriteAsync(session => store.UpsertAsync(session, sample, default));

        Assert.Equal(sample, await FindAsync(Ids[0]));
    }

    [StorageFact]
    public async Task A_second_write_replaces_every_column()
    {
        var sample = Sample(RealmId, Ids[0]);
        var changed = Changed(sample);
        Assert.NotEqual(sample, changed);

        await WriteAsync(session => store.UpsertAsync(session, sample, default));
        await WriteAsync(session => store.UpsertAsync(session, changed, default));

        Assert.Equal(changed, await FindAsync(Ids[0]));
    }

    [StorageFact]
    public async Task What_was_deleted_is_gone_and_deleting_it_again_is_nothing()
    {
        await WriteAsync(session => store.UpsertAsync(session, Sample(RealmId, Ids[0]), default));

        await WriteAsync(session => store.DeleteAsync(session, RealmId, Ids[0], default));
        await WriteAsync(session => store.DeleteAsync(session, RealmId, Ids[0], default));

        Assert.Null(await FindAsync(Ids[0]));
        Assert.Empty(await ListAsync(PageRange.All));
    }

    [StorageFact]
    public async Task Lists_are_in_the_order_of_bytes_and_go_on_after_an_id()
    {
        var samples = Ids.Select(id => Sample(RealmId, id)).ToList();
        foreach (var sample in samples.AsEnumerable().Reverse())
        {
            await WriteAsync(session => store.UpsertAsync(session, sample, default));
        }

        Assert.Equal(samples, await ListAsync(PageRange.All));
        Assert.Equal(samples.Skip(2).Take(2), await ListAsync(new PageRange(Ids[1], 2)));
        Assert.Empty(await ListAsync(new PageRange(Ids[^1], 10)));
    }

    [StorageFact]
    public async Task Realms_do_not_see_each_other()
    {
        var otherRealm = Samples.NewRealmId();
        await CreateRealmAsync(otherRealm);
        await WriteAsync(session => store.UpsertAsync(session, Sample(RealmId, Ids[0]), default));

        await using var session = await fixture.Database.OpenAsync(default);
        Assert.Null(await store.FindAsync(session, otherRealm, Ids[0], default));
        Assert.Empty(await store.ListAsync(session, otherRealm, PageRange.All, default));
        Assert.Empty(await store.ListChangedAsync(session, otherRealm, 0, default));
        await WriteAsync(write => store.DeleteAsync(write, otherRealm, Ids[0], default));
        Assert.NotNull(await FindAsync(Ids[0]));
    }

    [StorageFact]
    public async Task Changed_are_those_that_the_log_names_after_the_revision_and_that_are_still_there()
    {
        var samples = Ids.Select(id => Sample(RealmId, id)).ToList();
        await WriteAsync(async session =>
        {
            foreach (var sample in samples)
            {
                await store.UpsertAsync(session, sample, default);
            }

            await _changeLog.AppendAsync(session, [Row(1, 0, samples[0]), Row(2, 0, samples[1]), Row(2, 1, samples[2]), Row(3, 0, samples[1])], default);
            await store.DeleteAsync(session, RealmId, Ids[2], default);
        });

        await using var read = await fixture.Database.OpenAsync(default);
        Assert.Equal([samples[1]], await store.ListChangedAsync(read, RealmId, 1, default));
        Assert.Equal([samples[0], samples[1]], await store.ListChangedAsync(read, RealmId, 0, default));
        Assert.Empty(await store.ListChangedAsync(read, RealmId, 3, default));
    }

    protected async Task WriteAsync(Func<DatabaseSession, Task> write)
    {
        await using var session = await fixture.Database.BeginWriteAsync(default);
        await write(session);
        await session.CommitAsync(default);
    }

    protected async Task<T?> FindAsync(string id)
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return await store.FindAsync(session, RealmId, id, default);
    }

    protected async Task<TResult> ReadAsync<TResult>(Func<DatabaseSession, Task<TResult>> read)
    {
        await using var session = await fixture.Database.BeginReadAsync(default);
        return await read(session);
    }

    private async Task<IReadOnlyList<T>> ListAsync(PageRange range)
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return await store.ListAsync(session, RealmId, range, default);
    }

    private Task CreateRealmAsync(string realmId) =>
        WriteAsync(session => new RealmStore().CreateAsync(session, Samples.Realm(realmId), default));

    private ChangeLogRow Row(long revision, int ordinal, IRealmResource resource) => ChangeLogRows.Of(RealmId, revision, ordinal, resource);
}
