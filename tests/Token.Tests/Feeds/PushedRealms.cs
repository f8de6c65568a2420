using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Token.Tests.Feeds;

/// <summary>Realm-admin as the token service sees it: a snapshot, then each change at once and as a delta.</summary>
internal sealed class PushedRealms : IRealmFeed
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, State> _realms = new(StringComparer.Ordinal);

    /// <summary>Whether realm-admin says nothing, over streams that stay open.</summary>
    public bool IsSilent { get; set; }

    public long Set(string realmId, IReadOnlyList<IRealmResource> resources)
    {
        var state = new State(1, resources.ToDictionary(r => (r.Kind, r.Id)), null);
        _realms[realmId] = state;
        return state.Revision;
    }

    public long Change(string realmId, params IRealmResource[] upserts) => Next(realmId, upserts, []);

    public long Remove(string realmId, ResourceKind kind, string id) => Next(realmId, [], [(kind, id)]);

    public void Delete(string realmId)
    {
        _realms.Remove(realmId, out var gone);
        gone!.IsGone = true;
        gone.Next.SetResult();
    }

    public T Find<T>(string realmId, ResourceKind kind, string id)
        where T : IRealmResource => (T)_realms[realmId].Resources[(kind, id)];

    public RealmSnapshot Snapshot(string realmId)
    {
        var state = _realms[realmId];
        return RealmSnapshot.Create(state.Revision, state.Resources.Values);
    }

    public Task<string?> ResolveHostAsync(string hostName, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async IAsyncEnumerable<RealmFeedEvent> WatchAsync(
        string realmId, RealmPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (IsSilent)
        {
            await Task.Delay(Beat, cancellationToken);
        }

        var state = _realms.GetValueOrDefault(realmId) ?? throw NotFound();
        yield return new RealmFeedEvent.SnapshotPart { Revision = state.Revision, Resources = [.. state.Resources.Values], IsLast = true };
        while (true)
        {
            var changed = await Task.WhenAny(state.Next.Task, Task.Delay(Beat, cancellationToken)) == state.Next.Task;
            cancellationToken.ThrowIfCancellationRequested();
            if (state.IsGone)
            {
                throw NotFound();
            }

            if (changed && state.Following is { } following)
            {
                state = following;
                yield return state.Delta!;
            }
            else if (!IsSilent)
            {
                yield return new RealmFeedEvent.Heartbeat { Revision = state.Revision };
            }
        }
    }

    private static IamException NotFound() => new(ErrorReason.RealmNotFound, "There is no such realm.");

    private long Next(string realmId, IReadOnlyList<IRealmResource> upserts, IReadOnlyList<(ResourceKind Kind, string Id)> deletes)
    {
        lock (_realms)
        {
            var before = _realms[realmId];
            var resources = new Dictionary<(ResourceKind Kind, string Id), IRealmResource>(before.Resources);
            foreach (var deleted in deletes)
            {
                resources.Remove(deleted);
            }

            foreach (var upsert in upserts)
            {
                resources[(upsert.Kind, upsert.Id)] = upsert;
            }

            var delta = new RealmFeedEvent.Delta { Revision = before.Revision + 1, Upserts = upserts, Deletes = deletes };
            var next = new State(before.Revision + 1, resources, delta);
            _realms[realmId] = next;
            before.Following = next;
            before.Next.SetResult();
            return next.Revision;
        }
    }

    private sealed class State(long revision, Dictionary<(ResourceKind Kind, string Id), IRealmResource> resources, RealmFeedEvent.Delta? delta)
    {
        public long Revision => revision;

        public Dictionary<(ResourceKind Kind, string Id), IRealmResource> Resources => resources;

        public RealmFeedEvent.Delta? Delta => delta;

        public State? Following { get; set; }

        public bool IsGone { get; set; }

        public TaskCompletionSource Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
