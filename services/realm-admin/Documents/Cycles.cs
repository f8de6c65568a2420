namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Finds cycles in what includes, nests in or lies below what.</summary>
internal static class Cycles
{
    /// <summary>Reports each edge that closes a cycle, with the cycle.</summary>
    /// <remarks>Without recursion: a chain may be as long as the document.</remarks>
    public static void Report(IEnumerable<Edge> edges, DocumentErrors errors)
    {
        var outgoing = edges.ToLookup(edge => edge.From, StringComparer.Ordinal);
        HashSet<string> done = new(StringComparer.Ordinal);
        foreach (var start in outgoing.Select(node => node.Key))
        {
            List<(string Node, IEnumerator<Edge> Edges)> path = [];
            HashSet<string> onPath = new(StringComparer.Ordinal);
            Enter(start);
            while (path.Count > 0)
            {
                var (node, next) = path[^1];
                if (!next.MoveNext())
                {
                    path.RemoveAt(path.Count - 1);
                    onPath.Remove(node);
                }
                else if (onPath.Contains(next.Current.To))
                {
                    var cycle = path.Select(step => step.Node).SkipWhile(step => step != next.Current.To).Append(next.Current.To);
                    errors.Add(next.Current.Path, $"makes a cycle: {string.Join(" -> ", cycle)}");
                }
                else
                {
                    Enter(next.Current.To);
                }
            }

            void Enter(string node)
            {
                if (done.Add(node))
                {
                    onPath.Add(node);
                    path.Add((node, outgoing[node].GetEnumerator()));
                }
            }
        }
    }

    /// <param name="From">Who refers.</param>
    /// <param name="To">To whom.</param>
    /// <param name="Path">Where the document says so.</param>
    public readonly record struct Edge(string From, string To, string Path);
}
