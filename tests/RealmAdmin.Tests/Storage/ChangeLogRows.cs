using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace RealmAdmin.Tests.Storage;

internal static class ChangeLogRows
{
    public static ChangeLogRow Of(string realmId, long revision, int ordinal, IRealmResource resource) => new()
    {
        RealmId = realmId,
        Revision = revision,
        Ordinal = ordinal,
        ChangedAt = Samples.Instant,
        Actor = "tester",
        ActorKind = "operator",
        ResourceKind = resource.Kind.ToName(),
        ResourceId = resource.Id,
        ChangeKind = "update",
        StateBefore = null,
        StateAfter = "{}",
    };
}
