using System.Net;
using Common.Tests.Realms;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;

namespace Common.Tests.Permissions;

public sealed class PermissionEvaluatorDifferentialTests
{
    private static readonly DecisionFacts[] AllFacts =
    [
        new(RandomRealm.Now, null, null),
        new(RandomRealm.Now, IPAddress.Parse("10.0.0.1"), "silver"),
        new(RandomRealm.Now.AddSeconds(30), IPAddress.Parse("192.0.2.1"), "gold"),
    ];

    [Fact]
    public void Every_answer_is_that_of_the_definition()
    {
        var outcomes = new Dictionary<AssignmentOutcome, int>();
        for (var seed = 1000; seed < 1120; seed++)
        {
            var random = new RandomRealm(seed);
            random.Change(40 + (seed % 60));
            var realm = RealmSnapshot.Create(1, random.State.Values);
            var naive = new NaiveEvaluator(random.State.Values);
            foreach (var (principal, context) in Questions())
            {
                foreach (var facts in AllFacts)
                {
                    var assigned = RandomRealm.Permissions.Where(permission => AssertSame(realm, naive, principal, context, permission, facts, seed, outcomes));
                    Assert.Equal(assigned.Order(StringComparer.Ordinal), PermissionEvaluator.List(realm, principal, context, facts));
                }
            }
        }

        Assert.All(Enum.GetValues<AssignmentOutcome>(), outcome => Assert.True(outcomes[outcome] > 200, $"{outcome} is hardly tried"));
    }

    private static IEnumerable<(Principal Principal, string? Context)> Questions() =>
        from principal in RandomRealm.UserIds.Select(Principal.User).Concat(RandomRealm.ClientIds.Select(Principal.Client))
        from context in RandomRealm.OrganizationIds.Prepend(null)
        select (principal, context);

    private static bool AssertSame(
        RealmSnapshot realm, NaiveEvaluator naive, Principal principal, string? context, string permission, DecisionFacts facts, int seed,
        Dictionary<AssignmentOutcome, int> outcomes)
    {
        var expected = naive.Evaluate(principal, context, permission, facts);
        var actual = PermissionEvaluator.Evaluate(realm, principal, context, permission, facts);
        var question = $"seed {seed}: {principal} in {context}: {permission}";
        Assert.True(expected.Outcome == actual.Outcome, $"{question}: {expected.Outcome} but {actual.Outcome}");
        Assert.True(expected.Binding == actual.Binding, $"{question}: {expected.Binding} but {actual.Binding}");
        Assert.Equal(expected.GroupIds, actual.GroupIds);
        Assert.Equal(expected.RoleIds, actual.RoleIds);
        outcomes[actual.Outcome] = outcomes.GetValueOrDefault(actual.Outcome) + 1;
        return actual.Outcome == AssignmentOutcome.Assigned;
    }
}
