using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.RoleBindings;

public sealed class RoleBindingGrpcService(CallerGate gate, ResourceReader<RoleBinding> reader, RoleBindingStore bindings)
    : Wire.RoleBindingService.RoleBindingServiceBase
{
    public override async Task<Wire.GetRoleBindingResponse> GetRoleBinding(Wire.GetRoleBindingRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RoleBindingsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("role_binding_id", request.RoleBindingId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.RoleBindingId, context.CancellationToken);
        return new() { RoleBinding = resource.ToWire() };
    }

    public override async Task<Wire.ListRoleBindingsResponse> ListRoleBindings(Wire.ListRoleBindingsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RoleBindingsRead);
        (MemberType Type, string Id)[] members =
            [(MemberType.User, request.UserId), (MemberType.Client, request.ClientId), (MemberType.Group, request.GroupId)];
        members = [.. members.Where(member => member.Id.Length > 0)];
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Allow("user_id", request.UserId, Rules.UserId)
            .Allow("client_id", request.ClientId, Rules.Id)
            .Allow("group_id", request.GroupId, Rules.Id)
            .Require("user_id", members.Length <= 1, "only one of user_id, client_id and group_id may be set")
            .Page(request.PageSize)
            .ThrowIfAny();

        var page = await ListAsync(request.RealmId, members, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new()
        {
            RoleBindings = { page.Items.Select(resource => resource.ToWire()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    private Task<Page<RoleBinding>> ListAsync(
        string realmId, (MemberType Type, string Id)[] members, PageRequest page, CancellationToken cancellationToken) =>
        members is [var (type, id)]
            ? reader.ListAsync(
                realmId,
                $"{type}={id}",
                page,
                (session, range) => bindings.ListByMemberAsync(session, realmId, type, id, range, cancellationToken),
                cancellationToken)
            : reader.ListAsync(realmId, page, cancellationToken);
}
