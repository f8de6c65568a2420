using Pltfrms.Iam.Common.Storage;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>Makes answers fit for administrators of some organizations: what else a resource is part of is nothing that they see.</summary>
public sealed class Sights(HoldingsReader holdings, IDatabase database)
{
    /// <summary>Takes out of users what the reader may not see.</summary>
    public Task HideAsync(string realmId, Reach reach, IEnumerable<Wire.User> users, CancellationToken cancellationToken) =>
        EachAsync(realmId, reach, users, (sight, user) => sight.HideAsync(user, cancellationToken), cancellationToken);

    /// <summary>Takes out of groups what the reader may not see.</summary>
    public Task HideAsync(string realmId, Reach reach, IEnumerable<Wire.Group> groups, CancellationToken cancellationToken) =>
        EachAsync(realmId, reach, groups, (sight, group) => sight.HideAsync(group, cancellationToken), cancellationToken);

    private async Task EachAsync<T>(
        string realmId, Reach reach, IEnumerable<T> resources, Func<ReachView, T, Task> hideAsync, CancellationToken cancellationToken)
    {
        if (reach.IsRealm)
        {
            return;
        }

        await using var session = await database.BeginReadAsync(cancellationToken);
        var sight = new ReachView(holdings.View(session, realmId), reach);
        foreach (var resource in resources)
        {
            await hideAsync(sight, resource);
        }
    }
}
