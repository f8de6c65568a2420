using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Plans;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Realms;

public sealed class RealmGrpcService(
    AdminGate gate, ReadRealms realms, ChangeRealms changes, WriteResources writes, RealmDocuments documents)
    : Wire.RealmService.RealmServiceBase
{
    public override async Task<Wire.GetRealmResponse> GetRealm(Wire.GetRealmRequest request, ServerCallContext context)
    {
        await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RealmsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).ThrowIfAny();

        var realm = await realms.GetAsync(request.RealmId, context.CancellationToken);
        return new() { Realm = realm.WithEtag() };
    }

    public override async Task<Wire.ListRealmsResponse> ListRealms(Wire.ListRealmsRequest request, ServerCallContext context)
    {
        await gate.RequireRealmAsync(context, "", IamPermissions.RealmsList);
        new RequestFields().Page(request.PageSize).ThrowIfAny();

        var page = await realms.ListAsync(new(request.PageSize, request.PageToken), context.CancellationToken);
        return new() { Realms = { page.Items.Select(realm => realm.WithEtag()) }, NextPageToken = page.NextPageToken };
    }

    public override async Task<Wire.ImportRealmResponse> ImportRealm(Wire.ImportRealmRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RealmsWrite);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).ThrowIfAny();

        var result = request.DryRun
            ? await documents.Import.CompareAsync(caller, request.RealmId, request.Document, request.PlanEtag, context.CancellationToken)
            : await documents.Import.ExecuteAsync(caller, request.RealmId, request.Document, request.PlanEtag, context.CancellationToken);
        return new() { Revision = result.Revision, Changes = { result.Changes.Select(change => change.ToWire()) } };
    }

    public override async Task<Wire.PlanImportResponse> PlanImport(Wire.PlanImportRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RealmsWrite);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).ThrowIfAny();

        var plan = await documents.Plan.ExecuteAsync(caller, request.RealmId, request.Document, context.CancellationToken);
        return plan.ToWire();
    }

    public override async Task<Wire.ExportRealmResponse> ExportRealm(Wire.ExportRealmRequest request, ServerCallContext context)
    {
        await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RealmsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).ThrowIfAny();

        var result = await documents.Export.ExecuteAsync(request.RealmId, context.CancellationToken);
        return new() { Document = result.Document, Revision = result.Revision };
    }

    public override async Task<Wire.CreateRealmResponse> CreateRealm(Wire.CreateRealmRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, "", IamPermissions.RealmsCreate);
        var call = new WriteCall(caller, request.Realm?.RealmId ?? "", request.RequestId, request);
        return await changes.CreateAsync(call, request.Realm, context.CancellationToken);
    }

    public override async Task<Wire.UpdateRealmResponse> UpdateRealm(Wire.UpdateRealmRequest request, ServerCallContext context)
    {
        var realmId = request.Realm?.RealmId ?? "";
        var (caller, _) = await gate.RequireRealmAsync(context, realmId, IamPermissions.RealmsWrite);
        return await changes.UpdateAsync(
            new WriteCall(caller, realmId, request.RequestId, request),
            new UpdateResource(ResourceKind.Realm, request.Realm, request.UpdateMask),
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteRealmResponse> DeleteRealm(Wire.DeleteRealmRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RealmsDelete);
        return await changes.DeleteAsync(
            new WriteCall(caller, request.RealmId, RequestId: "", request), request.Etag, context.CancellationToken);
    }

    public override async Task<Wire.BatchWriteResponse> BatchWrite(Wire.BatchWriteRequest request, ServerCallContext context)
    {
        var caller = await BatchWrites.RequireAsync(gate.RequireAsync, context, request);
        return await writes.ExecuteAsync(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            BatchWrites.Operations(request),
            BatchWrites.Answer,
            context.CancellationToken);
    }
}

/// <summary>A realm as a document: in, out, and what going in would mean.</summary>
public sealed record RealmDocuments(ImportRealm Import, ExportRealm Export, PlanImport Plan);
