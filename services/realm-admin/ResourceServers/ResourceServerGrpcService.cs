using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.ResourceServers;

public sealed class ResourceServerGrpcService(AdminGate gate, ResourceReader<ResourceServer> reader, WriteResources writes) : Wire.ResourceServerService.ResourceServerServiceBase
{
    public override async Task<Wire.GetResourceServerResponse> GetResourceServer(Wire.GetResourceServerRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ResourceServersRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("audience", request.Audience, Rules.Audience)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.Audience, reach, context.CancellationToken);
        return new() { ResourceServer = resource.WithEtag() };
    }

    public override async Task<Wire.ListResourceServersResponse> ListResourceServers(Wire.ListResourceServersRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ResourceServersRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), reach, context.CancellationToken);
        return new()
        {
            ResourceServers = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    public override async Task<Wire.CreateResourceServerResponse> CreateResourceServer(Wire.CreateResourceServerRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ResourceServersWrite);
        return await writes.ExecuteAsync<ResourceServer, Wire.CreateResourceServerResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            new CreateResource(ResourceKind.ResourceServer, request.ResourceServer),
            (resource, revision) => new() { ResourceServer = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.UpdateResourceServerResponse> UpdateResourceServer(Wire.UpdateResourceServerRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ResourceServersWrite);
        return await writes.ExecuteAsync<ResourceServer, Wire.UpdateResourceServerResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { ResourceServer = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteResourceServerResponse> DeleteResourceServer(Wire.DeleteResourceServerRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ResourceServersWrite);
        return await writes.ExecuteAsync<ResourceServer, Wire.DeleteResourceServerResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }
}
