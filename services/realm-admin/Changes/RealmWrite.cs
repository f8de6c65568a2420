using System.Diagnostics;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>
/// One write to a realm: holds the realm's next revision, and with it the realm, until it is committed or disposed of.
/// Resources, change log and revision are written in one transaction; what is not committed leaves no trace, and no gap.
/// </summary>
public sealed class RealmWrite(DatabaseSession session, string realmId, long revision, RealmWrites writes) : IAsyncDisposable
{
    // So many changes are in memory at the most, where they may go to the log as they come.
    private const int MostKept = 1_000;

    private readonly List<RealmChange> _changes = [];
    private readonly List<RealmNote> _notes = [];
    private Caller? _logsFor;
    private string _author = "";
    private DateTimeOffset _changedAt;
    private string? _head;
    private int _logged;

    /// <summary>For reading the realm's state, which nobody else changes meanwhile.</summary>
    public DatabaseSession Session => session;

    /// <summary>The revision that the realm has once this is committed.</summary>
    public long Revision => revision;

    /// <summary>The revision that the realm has once this is committed as far as it has come: where nothing changed, the one it had.</summary>
    public long ResultingRevision => _logged + _changes.Count + _notes.Count == 0 ? revision - 1 : revision;

    /// <summary>What was written so far, in its order; where changes go to the log as they come, what has not gone yet.</summary>
    public IReadOnlyList<RealmChange> Changes => _changes;

    /// <summary>Whether this very write makes the realm.</summary>
    public bool RealmCreated { get; init; }

    /// <summary>What each change must stay within; null: whoever writes may do everything.</summary>
    public WriteLimit? Limit { get; private set; }

    public void LimitTo(WriteLimit limit) => Limit = limit;

    /// <summary>Whoever writes, for resources that say who made them.</summary>
    public void BegunBy(Caller caller) => _author = caller.Id;

    /// <summary>A new resource with who makes it and when, where that is part of it.</summary>
    public IRealmResource WithAuthor(IRealmResource resource) => resource is DelegationRecord delegation
        ? delegation with { CreatedAt = Values.ToMicroseconds(writes.Clock.GetUtcNow()), CreatedBy = _author }
        : resource;

    /// <summary>Lets changes go to the log as they come, so that a write of very many is never in memory as a whole.</summary>
    public void LogFor(Caller caller) => _logsFor = caller;

    /// <summary>Writes one change, and keeps it for the change log.</summary>
    /// <exception cref="IamException">PERMISSION_DENIED, GRANT_EXCEEDS_OWN.</exception>
    public async Task ApplyAsync(RealmChange change, CancellationToken cancellationToken)
    {
        if (Limit is { } limit)
        {
            await limit.RequireAsync(change, cancellationToken);
        }

        if (change.After is { } after)
        {
            await writes.Tables.UpsertAsync(session, after, cancellationToken);
        }
        else
        {
            await writes.Tables.DeleteAsync(session, change.Resource, cancellationToken);
        }

        _changes.Add(change);
        await LogSomeAsync(cancellationToken);
    }

    /// <summary>Keeps something for the change log that changes no resource of the realm.</summary>
    public void Note(string kind, string id, string? before, string? after) =>
        _notes.Add(new RealmNote(kind, id, (before, after) switch
        {
            (null, _) => ChangeKind.Create,
            (_, null) => ChangeKind.Delete,
            _ => ChangeKind.Update,
        }, before, after));

    /// <summary>Writes many changes, in their order, and keeps them for the change log; no resource more than once.</summary>
    /// <exception cref="IamException">PERMISSION_DENIED, GRANT_EXCEEDS_OWN.</exception>
    public async Task ApplyAsync(IReadOnlyList<RealmChange> changes, CancellationToken cancellationToken)
    {
        // A limit looks at what is stored, so it must see each change before the next.
        if (Limit is { IsUnlimited: false })
        {
            foreach (var change in changes)
            {
                await ApplyAsync(change, cancellationToken);
            }

            return;
        }

        for (var start = 0; start < changes.Count;)
        {
            var (kind, isRemoval) = (changes[start].Resource.Kind, changes[start].After is null);
            List<RealmChange> alike = [.. changes.Skip(start).TakeWhile(change => change.Resource.Kind == kind && change.After is null == isRemoval)];
            if (alike.Count == 1)
            {
                await ApplyAsync(changes[start++], cancellationToken);
                continue;
            }

            await WriteAsync(kind, isRemoval, [.. alike.Select(change => change.Resource)], cancellationToken);
            _changes.AddRange(alike);
            await LogSomeAsync(cancellationToken);
            start += alike.Count;
        }
    }

    private Task WriteAsync(ResourceKind kind, bool isRemoval, IReadOnlyList<IRealmResource> resources, CancellationToken cancellationToken) => isRemoval
        ? writes.Tables.DeleteAsync(session, kind, realmId, [.. resources.Select(resource => resource.Id)], cancellationToken)
        : writes.Tables.UpsertAsync(session, kind, resources, cancellationToken);

    private async Task LogSomeAsync(CancellationToken cancellationToken)
    {
        if (_logsFor is { } caller && _changes.Count >= MostKept)
        {
            await LogAsync(caller, cancellationToken);
        }
    }

    /// <summary>Appends what is kept to the change log.</summary>
    private async Task LogAsync(Caller caller, CancellationToken cancellationToken)
    {
        HostNameTaken.RequireMayChange(caller, _changes);
        if (_logged == 0)
        {
            _changedAt = writes.Clock.GetUtcNow();
            // Whoever holds the revision is the only one to add rows, so this head stays the head.
            _head = await writes.ChangeLog.HeadAsync(session, realmId, cancellationToken);
        }

        var rows = AuditChain.Extend(_head, _changes.Select(NoteOf).Concat(_notes).Select((note, ordinal) => Row(note, _logged + ordinal, caller)));
        await writes.ChangeLog.AppendAsync(session, rows, cancellationToken);
        (_head, _logged) = (rows[^1].Hash, _logged + rows.Count);
        _changes.Clear();
        _notes.Clear();
    }

    /// <summary>Makes it durable, then tells those who watch the realm. Where nothing changed, the revision is given back.</summary>
    public async Task CommitAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (_logged + _changes.Count + _notes.Count == 0)
        {
            await writes.Realms.ReturnRevisionAsync(session, realmId, cancellationToken);
            await session.CommitAsync(cancellationToken);
            return;
        }

        if (_changes.Count + _notes.Count > 0)
        {
            await LogAsync(caller, cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
        writes.Watched.Committed(realmId, revision);
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private static RealmNote NoteOf(RealmChange change) => new(
        change.Resource.Kind.ToName(),
        change.Resource.Id,
        change.Kind,
        ResourceJson.Redacted(change.Before),
        ResourceJson.Redacted(change.After));

    private ChangeLogRow Row(RealmNote note, int ordinal, Caller caller) => new()
    {
        RealmId = realmId,
        Revision = revision,
        Ordinal = ordinal,
        ChangedAt = _changedAt,
        Actor = caller.Id,
        ActorKind = StoredNames.Of(caller.Kind),
        ActorClientId = caller.ClientId,
        TokenId = caller.TokenId,
        ActChain = caller.ActChain,
        CorrelationId = Activity.Current?.TraceId.ToHexString(),
        ResourceKind = note.Kind,
        ResourceId = note.Id,
        ChangeKind = StoredNames.Of(note.Change),
        StateBefore = note.Before,
        StateAfter = note.After,
    };

    /// <summary>What a row of the change log says besides who and when.</summary>
    private sealed record RealmNote(string Kind, string Id, ChangeKind Change, string? Before, string? After);
}
