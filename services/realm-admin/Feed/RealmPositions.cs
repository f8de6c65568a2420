using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>
/// Where watched realms are, found out at little cost while nothing happens: first a sum is asked for that every write moves, and the realms only where it
/// has moved. In which order writes took their revisions does not matter: what is committed when the statement begins is in the sum.
/// </summary>
public sealed class RealmPositions(RealmPositionStore store)
{
    /// <summary>Where there are more realms than so many times those that are watched, these are asked for by name.</summary>
    private const int MostTimesWatched = 4;

    /// <summary>
    /// For how many polls a sum is believed, or not asked for as there were too many realms. A realm that goes and another that comes within one poll
    /// would leave it as it was, if their revisions fit to the one and if clocks of replicas differed so that the new one were not the youngest.
    /// </summary>
    private const int MostPolls = 50;

    private volatile Found? _last;

    public async Task<IReadOnlyDictionary<string, RealmPosition>> FindAsync(
        DatabaseSession session, DatabaseEngine engine, ValueList<string> realmIds, CancellationToken cancellationToken)
    {
        // Two polls may overlap: each goes by one that it has read, and leaves one whose parts belong together.
        var last = _last is { PollsLeft: > 0 } found && found.RealmIds.Equals(realmIds) ? found : null;
        if (last is { Sum: null })
        {
            _last = last with { PollsLeft = last.PollsLeft - 1 };
            return await store.ListAsync(session, engine, realmIds, cancellationToken);
        }

        // Before the list: what is written between the two is in the list, and moves the sum of the next poll.
        var sum = await store.SumAsync(session, MostTimesWatched * realmIds.Count, cancellationToken);
        if (last is not null && sum == last.Sum)
        {
            _last = last with { PollsLeft = last.PollsLeft - 1 };
            return last.Positions;
        }

        var positions = await store.ListAsync(session, engine, realmIds, cancellationToken);
        _last = new(realmIds, positions, sum, MostPolls);
        return positions;
    }

    /// <summary>The next poll asks for all.</summary>
    public void Forget() => _last = null;

    /// <param name="RealmIds">That were asked for.</param>
    /// <param name="Positions">Where they were, not before the sum was what it is.</param>
    /// <param name="Sum">Null: there were too many realms for one.</param>
    /// <param name="PollsLeft">For how many more it counts.</param>
    private sealed record Found(ValueList<string> RealmIds, IReadOnlyDictionary<string, RealmPosition> Positions, RealmsSum? Sum, int PollsLeft);
}
