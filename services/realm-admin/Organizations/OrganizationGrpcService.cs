using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Organizations;

public sealed class OrganizationGrpcService(AdminGate gate, ResourceReader<Organization> reader, WriteResources writes) : Wire.OrganizationService.OrganizationServiceBase
{
    public override async Task<Wire.GetOrganizationResponse> GetOrganization(Wire.GetOrganizationRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.OrganizationsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("organization_id", request.OrganizationId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.OrganizationId, reach, context.CancellationToken);
        return new() { Organization = resource.WithEtag() };
    }

    public override async Task<Wire.ListOrganizationsResponse> ListOrganizations(Wire.ListOrganizationsRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.OrganizationsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), reach, context.CancellationToken);
        return new()
        {
            Organizations = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    public override async Task<Wire.CreateOrganizationResponse> CreateOrganization(Wire.CreateOrganizationRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.OrganizationsWrite);
        return await writes.ExecuteAsync<Organization, Wire.CreateOrganizationResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            new CreateResource(ResourceKind.Organization, request.Organization),
            (resource, revision) => new() { Organization = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.UpdateOrganizationResponse> UpdateOrganization(Wire.UpdateOrganizationRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.OrganizationsWrite);
        return await writes.ExecuteAsync<Organization, Wire.UpdateOrganizationResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { Organization = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteOrganizationResponse> DeleteOrganization(Wire.DeleteOrganizationRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.OrganizationsWrite);
        return await writes.ExecuteAsync<Organization, Wire.DeleteOrganizationResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }
}
