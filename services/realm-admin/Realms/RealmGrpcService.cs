using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Realms;

public sealed class RealmGrpcService(CallerGate gate, ReadRealms realms, ImportRealm import, ExportRealm export)
    : Wire.RealmService.RealmServiceBase
{
    public override async Task<Wire.GetRealmResponse> GetRealm(Wire.GetRealmRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RealmsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).ThrowIfAny();

        var realm = await realms.GetAsync(request.RealmId, context.CancellationToken);
        return new() { Realm = realm.ToWire() };
    }

    public override async Task<Wire.ListRealmsResponse> ListRealms(Wire.ListRealmsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, "", IamPermissions.RealmsList);
        new RequestFields().Page(request.PageSize).ThrowIfAny();

        var page = await realms.ListAsync(new(request.PageSize, request.PageToken), context.CancellationToken);
        return new() { Realms = { page.Items.Select(realm => realm.ToWire()) }, NextPageToken = page.NextPageToken };
    }

    public override async Task<Wire.ImportRealmResponse> ImportRealm(Wire.ImportRealmRequest request, ServerCallContext context)
    {
        var caller = await gate.RequireAsync(context, request.RealmId, IamPermissions.RealmsWrite);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).ThrowIfAny();

        var result = await import.ExecuteAsync(caller, request.RealmId, request.Document, request.DryRun, context.CancellationToken);
        return new() { Revision = result.Revision, Changes = { result.Changes.Select(ToWire) } };
    }

    public override async Task<Wire.ExportRealmResponse> ExportRealm(Wire.ExportRealmRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RealmsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).ThrowIfAny();

        var result = await export.ExecuteAsync(request.RealmId, context.CancellationToken);
        return new() { Document = result.Document, Revision = result.Revision };
    }

    private static Wire.ResourceChange ToWire(RealmChange change)
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
}
