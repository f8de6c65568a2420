using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Access;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Says in a few sentences what changes mean, the gravest first: who could harm more, who can work less, then the rest.</summary>
internal sealed class EffectSummary(RealmSides sides)
{
    private readonly AccessTally _lost = new();
    private readonly AccessTally _gained = new();
    private readonly AccessTally _administration = new();
    private readonly AccessTally _conditions = new();
    private readonly HashSet<string> _builtIn = [.. IamPermissions.AssignableIn(sides.Before.Realm.IsPlatform)];

    public void Add(IEnumerable<AccessChange> changes)
    {
        foreach (var change in changes)
        {
            TallyOf(change).Add(change);
        }
    }

    public IReadOnlyList<string> Sentences(long grants)
    {
        if (!sides.Changes.Any())
        {
            return ["Nothing changes."];
        }

        List<string> sentences = [.. OfRealm()];
        AddIfAny(_administration, who => $"{who.Who()} {Verb(who, "gain")} administration of this realm: {who.What()}.");
        AddIfAny(_lost, who => $"{who.Who()} {Verb(who, "lose")} {Listing.Count(who.Changes, "permission")}: {who.What()}.");
        if (grants > 0)
        {
            sentences.Add($"{Listing.Count(grants, "live grant")} {(grants == 1 ? "is" : "are")} touched.");
        }

        sentences.AddRange(OfPrincipals());
        AddIfAny(_conditions, who => $"{who.Who()} {Verb(who, "keep")} {Listing.Count(who.Changes, "permission")} under other conditions: {who.What()}.");
        AddIfAny(_gained, who => $"{who.Who()} {Verb(who, "gain")} {Listing.Count(who.Changes, "permission")}: {who.What()}.");
        sentences.AddRange(OfResources());
        return sentences;

        void AddIfAny(AccessTally tally, Func<AccessTally, string> sentence)
        {
            if (tally.Changes > 0)
            {
                sentences.Add(sentence(tally));
            }
        }
    }

    private AccessTally TallyOf(AccessChange change) => change.Effect switch
    {
        AccessEffect.Lost => _lost,
        AccessEffect.ConditionsChanged => _conditions,
        _ => _builtIn.Contains(change.Permission) ? _administration : _gained,
    };

    private IEnumerable<string> OfRealm()
    {
        if (sides.FindChange(ResourceKind.Realm, sides.Before.RealmId) is not { } change)
        {
            yield break;
        }

        if (change is { Before: null })
        {
            yield return $"The realm '{sides.Before.RealmId}' is made.";
            yield break;
        }

        var (before, after) = (sides.Before.Realm, sides.After.Realm);
        if (before.Disabled != after.Disabled)
        {
            yield return after.Disabled
                ? "The realm is disabled: to the outside it no longer exists, and nothing is allowed in it."
                : "The realm is enabled: what its bindings say is allowed again.";
        }

        if (before.ScopePipeline != after.ScopePipeline)
        {
            yield return "The realm's rules change by which requested scopes are granted: new tokens may carry more or fewer scopes.";
        }
    }

    /// <summary>What stops principals and organizations, whether they have permissions or not.</summary>
    private IEnumerable<string> OfPrincipals()
    {
        foreach (var (kind, verb) in new[] { (ResourceKind.Organization, "be used"), (ResourceKind.Client, "authenticate"), (ResourceKind.User, "act") })
        {
            var ids = sides.Changes.Where(change => change.Resource.Kind == kind && WasEnabled(change) && !IsEnabled(change.After)).Select(change => change.Resource.Id).Order(StringComparer.Ordinal).ToList();
            if (ids.Count > 0)
            {
                yield return $"{Listing.Count(ids.Count, kind.ToName())} can no longer {verb}: {Listing.Of(ids)}.";
            }
        }

        var secrets = sides.Changes.Where(change => change is { Before: Client before, After: Client after } && !before.Secrets.Equals(after.Secrets)).Select(change => change.Resource.Id).ToList();
        if (secrets.Count > 0)
        {
            yield return $"{Listing.Count(secrets.Count, "client")} {(secrets.Count == 1 ? "gets" : "get")} other secrets: {Listing.Of(secrets.Order(StringComparer.Ordinal))}.";
        }
    }

    private IEnumerable<string> OfResources()
    {
        foreach (var (kind, words) in new[] { (ChangeKind.Delete, "removed"), (ChangeKind.Update, "changed"), (ChangeKind.Create, "made") })
        {
            var counts = sides.Changes.Where(change => change.Kind == kind)
                .CountBy(change => change.Resource.Kind)
                .OrderBy(count => count.Key)
                .ToList();
            if (counts.Count > 0)
            {
                var nouns = counts.Select(count => Listing.Count(count.Value, count.Key.ToName().Replace('_', ' '))).ToList();
                yield return $"{Listing.All(nouns)} {(counts.Sum(count => count.Value) == 1 ? "is" : "are")} {words}.";
            }
        }
    }

    private static string Verb(AccessTally who, string verb) => who.IsPlural ? verb : $"{verb}s";

    private static bool WasEnabled(RealmChange change) => IsEnabled(change.Before);

    private static bool IsEnabled(IRealmResource? resource) =>
        resource is Organization { Disabled: false } or Client { Disabled: false } or User { Disabled: false };
}
