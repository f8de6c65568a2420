using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Roles;

public sealed class RoleGrpcService(CallerGate gate, ResourceReader<Role> reader) : Wire.RoleService.RoleServiceBase
{
    public override async Task<Wire.GetRoleResponse> GetRole(Wire.GetRoleRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RolesRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("role_id", request.RoleId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.RoleId, context.CancellationToken);
        return new() { Role = resource.ToWire() };
    }

    public override async Task<Wire.ListRolesResponse> ListRoles(Wire.ListRolesRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RolesRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new()
        {
            Roles = { page.Items.Select(resource => resource.ToWire()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }
}
