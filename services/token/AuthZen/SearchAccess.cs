using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Finds, among candidates, those to whom, or for which, an evaluation says yes (section 8.1).</summary>
public sealed class SearchAccess(EvaluateAccess evaluate, PresentedTokens presented)
{
    /// <summary>How many candidates one page looks at, however few of them are found.</summary>
    public const int MostCandidates = 1000;

    /// <param name="realm">The realm.</param>
    /// <param name="candidates">Behind the page before, in ordinal order.</param>
    /// <param name="page">Which part is asked for.</param>
    /// <param name="ask">What to evaluate for a candidate.</param>
    /// <param name="cancellationToken">The request's.</param>
    internal async Task<SearchResults> ExecuteAsync(
        RealmSnapshot realm, IEnumerable<string> candidates, SearchPage page, Func<string, AccessRequest> ask, CancellationToken cancellationToken)
    {
        var call = new PresentationsOfCall(presented);
        List<string> found = [];
        var last = page.After ?? "";
        var looked = 0;
        foreach (var candidate in candidates)
        {
            if (found.Count == page.Limit || looked == MostCandidates)
            {
                return new(found, page.TokenAfter(last));
            }

            looked++;
            last = candidate;
            if ((await evaluate.ExecuteAsync(realm, ask(candidate), call, cancellationToken)).Allowed)
            {
                found.Add(candidate);
            }
        }

        return new(found, "");
    }
}

/// <summary>A page of what was found.</summary>
/// <param name="Found">In ordinal order.</param>
/// <param name="NextToken">Where the next page starts; empty: this is the last.</param>
internal sealed record SearchResults(IReadOnlyList<string> Found, string NextToken);
