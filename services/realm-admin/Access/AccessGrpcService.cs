using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Plans;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Access;

public sealed class AccessGrpcService(
    AdminGate gate, ListEffectivePermissions effective, ListPrincipalsWithPermission holders, PreviewWrites preview)
    : Wire.AccessService.AccessServiceBase
{
    public override async Task<Wire.ListEffectivePermissionsResponse> ListEffectivePermissions(
        Wire.ListEffectivePermissionsRequest request, ServerCallContext context)
    {
        var reach = await ReachAsync(context, request.RealmId, request.OrganizationId);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("user_id", request.PrincipalCase != Wire.ListEffectivePermissionsRequest.PrincipalOneofCase.None, "user_id or client_id must be set")
            .Require("user_id", !request.HasUserId || Rules.UserId.Violation(request.UserId) is null, "must be the id of a user")
            .Require("client_id", !request.HasClientId || Rules.Id.Violation(request.ClientId) is null, "must be the id of a client")
            .Allow("organization_id", request.OrganizationId, Rules.Id)
            .Allow("audience", request.Audience, Rules.Audience)
            .ThrowIfAny();

        var principal = request.HasUserId ? Principal.User(request.UserId) : Principal.Client(request.ClientId);
        var answer = await effective.ExecuteAsync(
            new(request.RealmId, request.OrganizationId, reach), principal, request.Audience, context.CancellationToken);
        return new()
        {
            Permissions =
            {
                answer.Permissions.Select(item => new Wire.EffectivePermission
                {
                    Permission = item.Permission,
                    Paths = { item.Paths.Select(path => ToWire(path, principal)) },
                }),
            },
            Revision = answer.Revision,
        };
    }

    public override async Task<Wire.ListPrincipalsWithPermissionResponse> ListPrincipalsWithPermission(
        Wire.ListPrincipalsWithPermissionRequest request, ServerCallContext context)
    {
        var reach = await ReachAsync(context, request.RealmId, request.OrganizationId);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("permission", request.Permission, Rules.PermissionName)
            .Allow("organization_id", request.OrganizationId, Rules.Id)
            .Page(request.PageSize)
            .ThrowIfAny();

        var page = await holders.ExecuteAsync(
            new(request.RealmId, request.OrganizationId, reach),
            request.Permission,
            new(request.PageSize, request.PageToken),
            context.CancellationToken);
        return new()
        {
            Principals = { page.Items.Select(item => ToWire(item.Principal, item.Paths)) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    public override async Task<Wire.PreviewWritesResponse> PreviewWrites(Wire.PreviewWritesRequest request, ServerCallContext context)
    {
        var batch = new Wire.BatchWriteRequest { RealmId = request.RealmId, Operations = { request.Operations } };
        var caller = await BatchWrites.RequireAsync(gate.RequireAsync, context, batch);
        var answer = await preview.ExecuteAsync(
            new WriteCall(caller, request.RealmId, RequestId: "", request), BatchWrites.Operations(batch), context.CancellationToken);
        return new()
        {
            Revision = answer.Revision,
            Changes = { answer.Changes.Select(change => change.ToWire()) },
            AccessChanges = { answer.Effect.AccessChanges.Select(item => item.ToWire()) },
            AccessChangeCount = answer.Effect.AccessChangeCount,
            GrantChanges = { answer.Effect.GrantChanges.Select(change => change.ToWire()) },
            GrantChangeCount = answer.Effect.GrantChangeCount,
            Summary = { answer.Effect.Summary },
        };
    }

    /// <summary>Who may ask in some organizations only asks about one of them: which ones are below these is in the realm that is read.</summary>
    private async Task<Reach> ReachAsync(ServerCallContext context, string realmId, string organizationId)
    {
        var (_, reach) = await gate.RequireAsync(context, realmId, IamPermissions.RoleBindingsRead);
        return reach.IsRealm || organizationId.Length > 0 ? reach : throw CallerGate.Denied(realmId, IamPermissions.RoleBindingsRead);
    }

    private static Wire.PrincipalWithPermission ToWire(Principal principal, IReadOnlyList<AccessPath> paths) => new()
    {
        UserId = principal.Type == MemberType.User ? principal.Id : "",
        ClientId = principal.Type == MemberType.Client ? principal.Id : "",
        Paths = { paths.Select(path => ToWire(path, principal)) },
    };

    private static Wire.AccessPath ToWire(AccessPath path, Principal principal) => new()
    {
        RoleBindingId = path.Binding.RoleBindingId,
        GroupIds = { path.GroupIds },
        RoleIds = { path.RoleIds },
        OrganizationId = path.Binding.OrganizationId ?? "",
        Conditional = BindingTerms.IsConditional(path.Binding),
        Explanation = path.Sentence(principal),
    };
}
