using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Clients;

public sealed class ClientGrpcService(CallerGate gate, ResourceReader<Client> reader) : Wire.ClientService.ClientServiceBase
{
    public override async Task<Wire.GetClientResponse> GetClient(Wire.GetClientRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("client_id", request.ClientId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.ClientId, context.CancellationToken);
        return new() { Client = resource.ToWire() };
    }

    public override async Task<Wire.ListClientsResponse> ListClients(Wire.ListClientsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new()
        {
            Clients = { page.Items.Select(resource => resource.ToWire()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }
}
