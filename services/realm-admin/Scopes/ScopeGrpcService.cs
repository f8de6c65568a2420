using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Scopes;

public sealed class ScopeGrpcService(AdminGate gate, ResourceReader<Scope> reader, WriteResources writes) : Wire.ScopeService.ScopeServiceBase
{
    public override async Task<Wire.GetScopeResponse> GetScope(Wire.GetScopeRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ScopesRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("scope", request.Scope, Rules.ScopeName)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.Scope, reach, context.CancellationToken);
        return new() { Scope = resource.WithEtag() };
    }

    public override async Task<Wire.ListScopesResponse> ListScopes(Wire.ListScopesRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ScopesRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), reach, context.CancellationToken);
        return new()
        {
            Scopes = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    public override async Task<Wire.CreateScopeResponse> CreateScope(Wire.CreateScopeRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ScopesWrite);
        return await writes.ExecuteAsync<Scope, Wire.CreateScopeResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            new CreateResource(ResourceKind.Scope, request.Scope),
            (resource, revision) => new() { Scope = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.UpdateScopeResponse> UpdateScope(Wire.UpdateScopeRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ScopesWrite);
        return await writes.ExecuteAsync<Scope, Wire.UpdateScopeResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { Scope = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteScopeResponse> DeleteScope(Wire.DeleteScopeRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ScopesWrite);
        return await writes.ExecuteAsync<Scope, Wire.DeleteScopeResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }
}
