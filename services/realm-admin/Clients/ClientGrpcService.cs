using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Clients;

public sealed class ClientGrpcService(
    AdminGate gate, ResourceReader<Client> reader, ClientStore clients, WriteResources writes, ClientSecrets secrets) : Wire.ClientService.ClientServiceBase
{
    public override async Task<Wire.GetClientResponse> GetClient(Wire.GetClientRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("client_id", request.ClientId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.ClientId, reach, context.CancellationToken);
        return new() { Client = resource.WithEtag() };
    }

    public override async Task<Wire.ListClientsResponse> ListClients(Wire.ListClientsRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("client_type", Enum.IsDefined(request.ClientType), "is not a known client type")
            .Allow("owner_organization_id", request.OwnerOrganizationId, Rules.Id)
            .Page(request.PageSize)
            .ThrowIfAny();

        var page = await ListAsync(request, new(request.PageSize, request.PageToken), reach, context.CancellationToken);
        return new()
        {
            Clients = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    public override async Task<Wire.CreateClientResponse> CreateClient(Wire.CreateClientRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsWrite);
        return await writes.ExecuteAsync<Client, Wire.CreateClientResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            new CreateResource(ResourceKind.Client, request.Client),
            (resource, revision) => new() { Client = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.UpdateClientResponse> UpdateClient(Wire.UpdateClientRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsWrite);
        return await writes.ExecuteAsync<Client, Wire.UpdateClientResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { Client = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteClientResponse> DeleteClient(Wire.DeleteClientRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsWrite);
        return await writes.ExecuteAsync<Client, Wire.DeleteClientResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.CreateClientSecretResponse> CreateClientSecret(
        Wire.CreateClientSecretRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsWrite);
        return await secrets.CreateAsync<Wire.CreateClientSecretResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ClientId,
            OperationFields.TimeOf(request.ExpireTime, "expire_time"),
            (secret, value, revision) => new() { ClientSecret = secret.ToWire(), Secret = value, Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.ExpireClientSecretResponse> ExpireClientSecret(
        Wire.ExpireClientSecretRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsWrite);
        return await secrets.ExpireAsync<Wire.ExpireClientSecretResponse>(
            new WriteCall(caller, request.RealmId, RequestId: "", request),
            (request.ClientId, request.SecretId),
            OperationFields.TimeOf(request.ExpireTime, "expire_time"),
            (secret, revision) => new() { ClientSecret = secret.ToWire(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteClientSecretResponse> DeleteClientSecret(
        Wire.DeleteClientSecretRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.ClientsWrite);
        return await secrets.DeleteAsync<Wire.DeleteClientSecretResponse>(
            new WriteCall(caller, request.RealmId, RequestId: "", request),
            (request.ClientId, request.SecretId),
            revision => new() { Revision = revision },
            context.CancellationToken);
    }

    private Task<Page<Client>> ListAsync(Wire.ListClientsRequest request, PageRequest page, Reach reach, CancellationToken cancellationToken)
    {
        var filter = new ClientFilter
        {
            ClientType = request.ClientType == Wire.ClientType.Unspecified ? null : request.ClientType.ToRecord(),
            OwnerOrganizationId = request.OwnerOrganizationId.Length > 0 ? request.OwnerOrganizationId : null,
            DynamicallyRegistered = request.DynamicallyRegistered,
        };
        return filter == new ClientFilter()
            ? reader.ListAsync(request.RealmId, page, reach, cancellationToken)
            : reader.ListAsync(
                request.RealmId,
                filter.ToString(),
                page,
                reach,
                (session, range) => clients.ListByAsync(session, request.RealmId, filter, range, cancellationToken),
                cancellationToken);
    }
}
