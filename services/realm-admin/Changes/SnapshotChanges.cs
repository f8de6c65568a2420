using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>Changes as differences between two states of a realm.</summary>
internal static class SnapshotChanges
{
    /// <summary>The realm with the changes; the revision stays, and so does what the configuration says of the realm.</summary>
    public static RealmSnapshot Apply(this RealmSnapshot realm, IReadOnlyList<RealmChange> changes) => realm.Apply(
        realm.Revision,
        changes.Select(change => change.After is Realm after ? after with { IsPlatform = realm.Realm.IsPlatform } : change.After).OfType<IRealmResource>(),
        changes.Where(change => change.After is null).Select(change => (change.Resource.Kind, change.Resource.Id)));

    /// <summary>One change for each resource, from how it was at first to how it is at last; none where that is the same. In the order of the last ones.</summary>
    public static IReadOnlyList<RealmChange> Merged(IEnumerable<RealmChange> changes) =>
    [
        .. changes
            .Select((change, position) => (Change: change, Position: position))
            .GroupBy(item => (item.Change.Resource.Kind, item.Change.Resource.Id))
            .OrderBy(steps => steps.Last().Position)
            .Select(steps => new Steps(steps.First().Change.Before, steps.Last().Change.After))
            .Where(steps => !Equals(steps.Before, steps.After))
            .Select(steps => new RealmChange(steps.Before, steps.After)),
    ];

    private readonly record struct Steps(IRealmResource? Before, IRealmResource? After);
}
