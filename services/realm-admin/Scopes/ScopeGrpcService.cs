using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Scopes;

public sealed class ScopeGrpcService(CallerGate gate, ResourceReader<Scope> reader) : Wire.ScopeService.ScopeServiceBase
{
    public override async Task<Wire.GetScopeResponse> GetScope(Wire.GetScopeRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ScopesRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("scope", request.Scope, Rules.ScopeName)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.Scope, context.CancellationToken);
        return new() { Scope = resource.ToWire() };
    }

    public override async Task<Wire.ListScopesResponse> ListScopes(Wire.ListScopesRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ScopesRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new()
        {
            Scopes = { page.Items.Select(resource => resource.ToWire()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }
}
