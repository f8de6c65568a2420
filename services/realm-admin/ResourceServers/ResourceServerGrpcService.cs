using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.ResourceServers;

public sealed class ResourceServerGrpcService(CallerGate gate, ResourceReader<ResourceServer> reader) : Wire.ResourceServerService.ResourceServerServiceBase
{
    public override async Task<Wire.GetResourceServerResponse> GetResourceServer(Wire.GetResourceServerRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ResourceServersRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("audience", request.Audience, Rules.Audience)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.Audience, context.CancellationToken);
        return new() { ResourceServer = resource.ToWire() };
    }

    public override async Task<Wire.ListResourceServersResponse> ListResourceServers(Wire.ListResourceServersRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ResourceServersRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new()
        {
            ResourceServers = { page.Items.Select(resource => resource.ToWire()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }
}
