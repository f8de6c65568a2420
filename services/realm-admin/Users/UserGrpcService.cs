using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Users;

public sealed class UserGrpcService(
    AdminGate gate, ResourceReader<User> reader, UserStore users, WriteResources writes, Sights sights, ResolveUser resolve)
    : Wire.UserService.UserServiceBase
{
    public override async Task<Wire.GetUserResponse> GetUser(Wire.GetUserRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.UsersRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("user_id", request.UserId, Rules.UserId)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.UserId, reach, context.CancellationToken);
        var answer = new Wire.GetUserResponse { User = resource.WithEtag() };
        await sights.HideAsync(request.RealmId, reach, [answer.User], context.CancellationToken);
        return answer;
    }

    public override async Task<Wire.ListUsersResponse> ListUsers(Wire.ListUsersRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.UsersRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Allow("group_id", request.GroupId, Rules.Id)
            .Allow("organization_id", request.OrganizationId, Rules.Id)
            .Page(request.PageSize)
            .ThrowIfAny();

        var page = await ListAsync(request, new(request.PageSize, request.PageToken), reach, context.CancellationToken);
        var answer = new Wire.ListUsersResponse
        {
            Users = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
        await sights.HideAsync(request.RealmId, reach, answer.Users, context.CancellationToken);
        return answer;
    }

    public override async Task<Wire.CreateUserResponse> CreateUser(Wire.CreateUserRequest request, ServerCallContext context)
    {
        var (caller, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.UsersWrite);
        var answer = await writes.ExecuteAsync<User, Wire.CreateUserResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            new CreateResource(ResourceKind.User, request.User),
            (resource, revision) => new() { User = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
        await sights.HideAsync(request.RealmId, reach, [answer.User], context.CancellationToken);
        return answer;
    }

    public override async Task<Wire.UpdateUserResponse> UpdateUser(Wire.UpdateUserRequest request, ServerCallContext context)
    {
        var (caller, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.UsersWrite);
        var answer = await writes.ExecuteAsync<User, Wire.UpdateUserResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { User = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
        await sights.HideAsync(request.RealmId, reach, [answer.User], context.CancellationToken);
        return answer;
    }

    public override async Task<Wire.DeleteUserResponse> DeleteUser(Wire.DeleteUserRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.UsersWrite);
        return await writes.ExecuteAsync<User, Wire.DeleteUserResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.ResolveUserResponse> ResolveUser(Wire.ResolveUserRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.UsersResolve);
        var identity = request.ExternalIdentity ?? new Wire.ExternalIdentity();
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("external_identity.issuer", identity.Issuer, Rules.Issuer)
            .Require("external_identity.subject", identity.Subject, Rules.Claim)
            .ThrowIfAny();

        var resolved = await resolve.ExecuteAsync(
            caller,
            request.RealmId,
            new ExternalIdentity { Issuer = identity.Issuer, Subject = identity.Subject },
            request.AssertionIssuer,
            request.DisplayName,
            context.CancellationToken);
        return new() { UserId = resolved.UserId, Revision = resolved.Revision };
    }

    private Task<Page<User>> ListAsync(Wire.ListUsersRequest request, PageRequest page, Reach reach, CancellationToken cancellationToken)
    {
        var filter = new UserFilter
        {
            GroupId = request.GroupId.Length > 0 ? request.GroupId : null,
            OrganizationId = request.OrganizationId.Length > 0 ? request.OrganizationId : null,
        };
        return filter == new UserFilter()
            ? reader.ListAsync(request.RealmId, page, reach, cancellationToken)
            : reader.ListAsync(
                request.RealmId,
                filter.ToString(),
                page,
                reach,
                (session, range) => users.ListByAsync(session, request.RealmId, filter, range, cancellationToken),
                cancellationToken);
    }
}
