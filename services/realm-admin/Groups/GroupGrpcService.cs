using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Groups;

public sealed class GroupGrpcService(AdminGate gate, ResourceReader<Group> reader, WriteResources writes, Sights sights) : Wire.GroupService.GroupServiceBase
{
    public override async Task<Wire.GetGroupResponse> GetGroup(Wire.GetGroupRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.GroupsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("group_id", request.GroupId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.GroupId, reach, context.CancellationToken);
        var answer = new Wire.GetGroupResponse { Group = resource.WithEtag() };
        await sights.HideAsync(request.RealmId, reach, [answer.Group], context.CancellationToken);
        return answer;
    }

    public override async Task<Wire.ListGroupsResponse> ListGroups(Wire.ListGroupsRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.GroupsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), reach, context.CancellationToken);
        var answer = new Wire.ListGroupsResponse
        {
            Groups = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
        await sights.HideAsync(request.RealmId, reach, answer.Groups, context.CancellationToken);
        return answer;
    }

    public override async Task<Wire.CreateGroupResponse> CreateGroup(Wire.CreateGroupRequest request, ServerCallContext context)
    {
        var (caller, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.GroupsWrite);
        var answer = await writes.ExecuteAsync<Group, Wire.CreateGroupResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            new CreateResource(ResourceKind.Group, request.Group),
            (resource, revision) => new() { Group = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
        await sights.HideAsync(request.RealmId, reach, [answer.Group], context.CancellationToken);
        return answer;
    }

    public override async Task<Wire.UpdateGroupResponse> UpdateGroup(Wire.UpdateGroupRequest request, ServerCallContext context)
    {
        var (caller, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.GroupsWrite);
        var answer = await writes.ExecuteAsync<Group, Wire.UpdateGroupResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { Group = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
        await sights.HideAsync(request.RealmId, reach, [answer.Group], context.CancellationToken);
        return answer;
    }

    public override async Task<Wire.DeleteGroupResponse> DeleteGroup(Wire.DeleteGroupRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.GroupsWrite);
        return await writes.ExecuteAsync<Group, Wire.DeleteGroupResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }
}
