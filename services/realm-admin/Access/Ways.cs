using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>The ways through a graph.</summary>
internal static class Ways
{
    /// <summary>
    /// Every way from one of the starts to an end that comes nowhere twice. There may be exponentially many, but each costs little to find,
    /// for only nodes that lead to an end are gone through: take as many as are wanted.
    /// </summary>
    public static IEnumerable<ValueList<string>> Between(
        IEnumerable<string> starts, Func<string, IEnumerable<string>> next, Func<string, bool> isEnd)
    {
        var first = starts.Distinct().Order(StringComparer.Ordinal).ToList();
        var nodes = Reach(first, next);
        var back = nodes.SelectMany(from => next(from).Select(to => (from, to))).ToLookup(edge => edge.to, edge => edge.from, StringComparer.Ordinal);
        var leading = Reach(nodes.Where(isEnd), node => back[node]);
        return first.Where(leading.Contains).SelectMany(start => From([start]));

        IEnumerable<ValueList<string>> From(ValueList<string> way)
        {
            if (isEnd(way[^1]))
            {
                yield return way;
            }

            foreach (var onward in next(way[^1]).Where(node => leading.Contains(node) && !way.Contains(node)).Order(StringComparer.Ordinal))
            {
                foreach (var whole in From([.. way, onward]))
                {
                    yield return whole;
                }
            }
        }
    }

    /// <summary>The starts and all that is behind them.</summary>
    public static HashSet<string> Reach(IEnumerable<string> from, Func<string, IEnumerable<string>> next)
    {
        HashSet<string> reached = new(from, StringComparer.Ordinal);
        Queue<string> open = new(reached);
        while (open.TryDequeue(out var node))
        {
            foreach (var onward in next(node).Where(reached.Add))
            {
                open.Enqueue(onward);
            }
        }

        return reached;
    }
}
