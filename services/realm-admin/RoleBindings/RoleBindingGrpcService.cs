using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.RoleBindings;

public sealed class RoleBindingGrpcService(AdminGate gate, ResourceReader<RoleBinding> reader, RoleBindingStore bindings, WriteResources writes)
    : Wire.RoleBindingService.RoleBindingServiceBase
{
    public override async Task<Wire.GetRoleBindingResponse> GetRoleBinding(Wire.GetRoleBindingRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.RoleBindingsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("role_binding_id", request.RoleBindingId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.RoleBindingId, reach, context.CancellationToken);
        return new() { RoleBinding = resource.WithEtag() };
    }

    public override async Task<Wire.ListRoleBindingsResponse> ListRoleBindings(Wire.ListRoleBindingsRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.RoleBindingsRead);
        (MemberType Type, string Id)[] members =
            [(MemberType.User, request.UserId), (MemberType.Client, request.ClientId), (MemberType.Group, request.GroupId)];
        members = [.. members.Where(member => member.Id.Length > 0)];
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Allow("user_id", request.UserId, Rules.UserId)
            .Allow("client_id", request.ClientId, Rules.Id)
            .Allow("group_id", request.GroupId, Rules.Id)
            .Allow("role_id", request.RoleId, Rules.Id)
            .Allow("organization_id", request.OrganizationId, Rules.Id)
            .Require("user_id", members.Length <= 1, "only one of user_id, client_id and group_id may be set")
            .Page(request.PageSize)
            .ThrowIfAny();

        var filter = new RoleBindingFilter
        {
            MemberType = members is [var (type, _)] ? type : null,
            MemberId = members is [var (_, id)] ? id : null,
            RoleId = request.RoleId.Length > 0 ? request.RoleId : null,
            OrganizationId = request.OrganizationId.Length > 0 ? request.OrganizationId : null,
        };
        var page = await reader.ListAsync(
            request.RealmId,
            filter.ToString(),
            new(request.PageSize, request.PageToken),
            reach,
            (session, range) => bindings.ListByAsync(session, request.RealmId, filter, range, context.CancellationToken),
            context.CancellationToken);
        return new()
        {
            RoleBindings = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    public override async Task<Wire.CreateRoleBindingResponse> CreateRoleBinding(Wire.CreateRoleBindingRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.RoleBindingsWrite);
        return await writes.ExecuteAsync<RoleBinding, Wire.CreateRoleBindingResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            new CreateResource(ResourceKind.RoleBinding, request.RoleBinding),
            (resource, revision) => new() { RoleBinding = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.UpdateRoleBindingResponse> UpdateRoleBinding(Wire.UpdateRoleBindingRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.RoleBindingsWrite);
        return await writes.ExecuteAsync<RoleBinding, Wire.UpdateRoleBindingResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { RoleBinding = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteRoleBindingResponse> DeleteRoleBinding(Wire.DeleteRoleBindingRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.RoleBindingsWrite);
        return await writes.ExecuteAsync<RoleBinding, Wire.DeleteRoleBindingResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }
}
