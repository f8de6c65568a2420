using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Token.Tests.Hosting;

/// <summary>Realm-admin as the token service sees it, in process.</summary>
internal sealed class TestRealmFeed : IRealmFeed
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, RealmSnapshotPart> _realms = new(StringComparer.Ordinal);

    /// <summary>Whether realm-admin is out of reach.</summary>
    public bool IsDown { get; set; }

    public long Set(string realmId, IReadOnlyList<IRealmResource> resources) =>
        _realms.AddOrUpdate(realmId, _ => new(1, resources), (_, before) => new(before.Revision + 1, resources)).Revision;

    /// <summary>Replaces or adds resources; the realm's new revision.</summary>
    public long Change(string realmId, params IRealmResource[] upserts) =>
        Set(realmId, [.. _realms[realmId].Resources.Where(old => !upserts.Any(u => u.Kind == old.Kind && u.Id == old.Id)), .. upserts]);

    public long Remove(string realmId, ResourceKind kind, string id) =>
        Set(realmId, [.. _realms[realmId].Resources.Where(old => old.Kind != kind || old.Id != id)]);

    public void Delete(string realmId) => _realms.TryRemove(realmId, out _);

    public IReadOnlyList<IRealmResource> Resources(string realmId) => _realms[realmId].Resources;

    /// <summary>How often a host name was asked for.</summary>
    public ConcurrentDictionary<string, int> AskedHosts { get; } = new(StringComparer.Ordinal);

    public Task<string?> ResolveHostAsync(string hostName, CancellationToken cancellationToken)
    {
        AskedHosts.AddOrUpdate(hostName, 1, (_, count) => count + 1);
        return IsDown
            ? Task.FromException<string?>(new IOException("Realm-admin is down."))
            : Task.FromResult(_realms.Values.SelectMany(part => part.Resources).OfType<Realm>().FirstOrDefault(realm => realm.HostName == hostName)?.RealmId);
    }

    public async IAsyncEnumerable<RealmFeedEvent> WatchAsync(
        string realmId, RealmPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sent = after.Revision;
        while (true)
        {
            if (IsDown)
            {
                throw new IOException("Realm-admin is down.");
            }

            var current = _realms.GetValueOrDefault(realmId) ?? throw new IamException(ErrorReason.RealmNotFound, "There is no such realm.");
            yield return current.Revision > sent
                ? new RealmFeedEvent.SnapshotPart { Revision = current.Revision, Resources = current.Resources, IsLast = true }
                : new RealmFeedEvent.Heartbeat { Revision = current.Revision };
            sent = current.Revision;
            await Task.Delay(Beat, cancellationToken);
        }
    }

    private sealed record RealmSnapshotPart(long Revision, IReadOnlyList<IRealmResource> Resources);
}
