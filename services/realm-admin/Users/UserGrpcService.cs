using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Users;

public sealed class UserGrpcService(CallerGate gate, ResourceReader<User> reader, UserStore users) : Wire.UserService.UserServiceBase
{
    public override async Task<Wire.GetUserResponse> GetUser(Wire.GetUserRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.UsersRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("user_id", request.UserId, Rules.UserId)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.UserId, context.CancellationToken);
        return new() { User = resource.ToWire() };
    }

    public override async Task<Wire.ListUsersResponse> ListUsers(Wire.ListUsersRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.UsersRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Allow("group_id", request.GroupId, Rules.Id)
            .Page(request.PageSize)
            .ThrowIfAny();

        var page = await ListAsync(request, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new()
        {
            Users = { page.Items.Select(resource => resource.ToWire()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    private Task<Page<User>> ListAsync(Wire.ListUsersRequest request, PageRequest page, CancellationToken cancellationToken) =>
        request.GroupId.Length == 0
            ? reader.ListAsync(request.RealmId, page, cancellationToken)
            : reader.ListAsync(
                request.RealmId,
                $"group_id={request.GroupId}",
                page,
                (session, range) => users.ListByGroupAsync(session, request.RealmId, request.GroupId, range, cancellationToken),
                cancellationToken);
}
