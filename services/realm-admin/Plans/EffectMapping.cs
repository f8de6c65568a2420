using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Access;
using Pltfrms.Iam.RealmAdmin.Changes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Changes and their effect as messages.</summary>
internal static class EffectMapping
{
    public static Wire.ResourceChange ToWire(this RealmChange change)
    {
        var wire = new Wire.ResourceChange
        {
            ResourceKind = change.Resource.Kind.ToName(),
            ResourceId = change.Resource.Id,
            ChangeKind = change.Kind switch
            {
                ChangeKind.Create => Wire.ChangeKind.Create,
                ChangeKind.Update => Wire.ChangeKind.Update,
                _ => Wire.ChangeKind.Delete,
            },
        };
        if (change is { Before: { } before, After: { } after })
        {
            wire.Fields.Add(ResourceJson.Differences(before, after).Select(field =>
                new Wire.FieldChange { Field = field.Field, Before = field.Before, After = field.After }));
        }

        return wire;
    }

    public static Wire.AccessChange ToWire(this (AccessChange Change, string Reason) item) => new()
    {
        UserId = item.Change.Principal is { Type: MemberType.User, Id: var userId } ? userId : "",
        ClientId = item.Change.Principal is { Type: MemberType.Client, Id: var clientId } ? clientId : "",
        OrganizationId = item.Change.OrganizationId ?? "",
        Permission = item.Change.Permission,
        Effect = item.Change.Effect switch
        {
            AccessEffect.Gained => Wire.AccessEffect.Gained,
            AccessEffect.Lost => Wire.AccessEffect.Lost,
            _ => Wire.AccessEffect.ConditionsChanged,
        },
        Conditional = item.Change.Conditional,
        Reason = item.Reason,
    };

    public static Wire.GrantChange ToWire(this GrantChange change) => new()
    {
        GrantId = change.Grant.GrantId,
        UserId = change.Grant.UserId,
        ClientId = change.Grant.ClientId,
        Scopes = { change.Scopes },
        Reason = change.Reason,
    };

    public static Wire.PlanImportResponse ToWire(this ImportPlan plan) => new()
    {
        Revision = plan.Revision,
        Changes = { plan.Changes.Select(change => change.ToWire()) },
        AccessChanges = { plan.Effect.AccessChanges.Select(item => item.ToWire()) },
        AccessChangeCount = plan.Effect.AccessChangeCount,
        GrantChanges = { plan.Effect.GrantChanges.Select(change => change.ToWire()) },
        GrantChangeCount = plan.Effect.GrantChangeCount,
        Summary = { plan.Effect.Summary },
        PlanEtag = plan.Etag,
    };
}
