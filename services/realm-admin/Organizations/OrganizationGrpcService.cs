using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Organizations;

public sealed class OrganizationGrpcService(CallerGate gate, ResourceReader<Organization> reader) : Wire.OrganizationService.OrganizationServiceBase
{
    public override async Task<Wire.GetOrganizationResponse> GetOrganization(Wire.GetOrganizationRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.OrganizationsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("organization_id", request.OrganizationId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.OrganizationId, context.CancellationToken);
        return new() { Organization = resource.ToWire() };
    }

    public override async Task<Wire.ListOrganizationsResponse> ListOrganizations(Wire.ListOrganizationsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.OrganizationsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await reader.ListAsync(request.RealmId, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new()
        {
            Organizations = { page.Items.Select(resource => resource.ToWire()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }
}
