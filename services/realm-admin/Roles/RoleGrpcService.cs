using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Roles;

public sealed class RoleGrpcService(AdminGate gate, ResourceReader<Role> reader, WriteResources writes) : Wire.RoleService.RoleServiceBase
{
    public override async Task<Wire.GetRoleResponse> GetRole(Wire.GetRoleRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.RolesRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("role_id", request.RoleId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.RoleId, reach, context.CancellationToken);
        return new() { Role = resource.WithEtag() };
    }

    public override async Task<Wire.ListRolesResponse> ListRoles(Wire.ListRolesRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.RolesRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), reach, context.CancellationToken);
        return new()
        {
            Roles = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    public override async Task<Wire.CreateRoleResponse> CreateRole(Wire.CreateRoleRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RolesWrite);
        return await writes.ExecuteAsync<Role, Wire.CreateRoleResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            new CreateResource(ResourceKind.Role, request.Role),
            (resource, revision) => new() { Role = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.UpdateRoleResponse> UpdateRole(Wire.UpdateRoleRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RolesWrite);
        return await writes.ExecuteAsync<Role, Wire.UpdateRoleResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { Role = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteRoleResponse> DeleteRole(Wire.DeleteRoleRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RolesWrite);
        return await writes.ExecuteAsync<Role, Wire.DeleteRoleResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }
}
