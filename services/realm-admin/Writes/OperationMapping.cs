using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegations;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Requests as what they ask for: alone, and in a batch.</summary>
internal static class OperationMapping
{
    public static UpdateResource ToOperation(this Wire.UpdateClientRequest request) => new(ResourceKind.Client, request.Client, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteClientRequest request) =>
        new(ResourceKind.Client, request.ClientId, request.Etag, request.Cascade);

    public static UpdateResource ToOperation(this Wire.UpdateResourceServerRequest request) => new(ResourceKind.ResourceServer, request.ResourceServer, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteResourceServerRequest request) =>
        new(ResourceKind.ResourceServer, request.Audience, request.Etag, request.Cascade);

    public static UpdateResource ToOperation(this Wire.UpdateScopeRequest request) => new(ResourceKind.Scope, request.Scope, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteScopeRequest request) =>
        new(ResourceKind.Scope, request.Scope, request.Etag, request.Cascade);

    public static UpdateResource ToOperation(this Wire.UpdateRoleRequest request) => new(ResourceKind.Role, request.Role, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteRoleRequest request) =>
        new(ResourceKind.Role, request.RoleId, request.Etag, request.Cascade);

    public static UpdateResource ToOperation(this Wire.UpdateGroupRequest request) => new(ResourceKind.Group, request.Group, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteGroupRequest request) =>
        new(ResourceKind.Group, request.GroupId, request.Etag, request.Cascade);

    public static UpdateResource ToOperation(this Wire.UpdateOrganizationRequest request) => new(ResourceKind.Organization, request.Organization, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteOrganizationRequest request) =>
        new(ResourceKind.Organization, request.OrganizationId, request.Etag, request.Cascade);

    public static UpdateResource ToOperation(this Wire.UpdateUserRequest request) => new(ResourceKind.User, request.User, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteUserRequest request) =>
        new(ResourceKind.User, request.UserId, request.Etag, request.Cascade);

    public static UpdateResource ToOperation(this Wire.UpdateRoleBindingRequest request) => new(ResourceKind.RoleBinding, request.RoleBinding, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteRoleBindingRequest request) =>
        new(ResourceKind.RoleBinding, request.RoleBindingId, request.Etag, request.Cascade);

    /// <summary>With an id where it came without one: one that nothing ever had, so that no token of an earlier delegation is of this one.</summary>
    public static CreateResource ToOperation(this Wire.CreateDelegationRequest request)
    {
        var delegation = request.Delegation?.Clone();
        if (delegation is { DelegationId: "" })
        {
            delegation.DelegationId = DelegationId.New();
        }

        return new(ResourceKind.Delegation, delegation);
    }

    public static UpdateResource ToOperation(this Wire.UpdateDelegationRequest request) => new(ResourceKind.Delegation, request.Delegation, request.UpdateMask);

    public static DeleteResource ToOperation(this Wire.DeleteDelegationRequest request) =>
        new(ResourceKind.Delegation, request.DelegationId, request.Etag, request.Cascade);
}
