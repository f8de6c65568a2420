using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Groups;

public sealed class GroupGrpcService(CallerGate gate, ResourceReader<Group> reader) : Wire.GroupService.GroupServiceBase
{
    public override async Task<Wire.GetGroupResponse> GetGroup(Wire.GetGroupRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.GroupsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("group_id", request.GroupId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.GroupId, context.CancellationToken);
        return new() { Group = resource.ToWire() };
    }

    public override async Task<Wire.ListGroupsResponse> ListGroups(Wire.ListGroupsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.GroupsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new()
        {
            Groups = { page.Items.Select(resource => resource.ToWire()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }
}
