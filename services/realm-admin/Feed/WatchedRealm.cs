using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>What is known of one realm's revision, shared by all who watch it.</summary>
public sealed class WatchedRealm
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _moved;
    private TaskCompletionSource? _polled;
    private KnownRevision _known;

    public KnownRevision Known
    {
        get
        {
            lock (_lock)
            {
                return _known;
            }
        }
    }

    internal int Watchers { get; set; }

    /// <summary>Completes when more is known than <paramref name="seen"/>.</summary>
    /// <param name="seen">What the caller knows.</param>
    /// <param name="everyPoll">Also when a poll only found again what the one before had found.</param>
    public Task MoreThanAsync(KnownRevision seen, bool everyPoll)
    {
        lock (_lock)
        {
            return everyPoll
                ? _known == seen ? (_polled ??= NewSignal()).Task : Task.CompletedTask
                : _known.IsWhere(seen) ? (_moved ??= NewSignal()).Task : Task.CompletedTask;
        }
    }

    /// <summary>A write of this process is durable.</summary>
    internal void Committed(long revision) =>
        Learn(static (known, revision) => known with { Committed = Math.Max(known.Committed, revision) }, revision);

    /// <summary>A poll that began at <paramref name="asOf"/> read where the realm is; null: there is no such realm. One that a later poll overtook says nothing.</summary>
    internal void Confirmed(RealmPosition? found, DateTimeOffset asOf, long poll) =>
        Learn(
            static (known, next) => next.poll < known.Poll ? known : known with { Confirmed = next.found, ConfirmedAt = next.asOf, Poll = next.poll },
            (found, asOf, poll));

    /// <param name="next">A pure function.</param>
    /// <param name="word">What is said.</param>
    private void Learn<T>(Func<KnownRevision, T, KnownRevision> next, T word)
    {
        TaskCompletionSource? polled, moved = null;
        lock (_lock)
        {
            var before = _known;
            _known = next(before, word);
            (polled, _polled) = (_polled, null);
            if (!_known.IsWhere(before))
            {
                (moved, _moved) = (_moved, null);
            }
        }

        polled?.SetResult();
        moved?.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A realm's revision as far as this process knows.</summary>
/// <param name="Committed">The latest that this process wrote.</param>
/// <param name="Confirmed">What the last poll of the database read; null: no such realm.</param>
/// <param name="ConfirmedAt">When that poll began.</param>
/// <param name="Poll">That poll's number; 0: none has answered yet.</param>
public readonly record struct KnownRevision(long Committed, RealmPosition? Confirmed, DateTimeOffset ConfirmedAt, long Poll)
{
    /// <summary>Whether both say the same of where the realm is.</summary>
    internal bool IsWhere(KnownRevision other) => Committed == other.Committed && Confirmed == other.Confirmed;
}
