using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Wire = Pltfrms.Iam.RealmAdmin.V1;
using Case = Pltfrms.Iam.RealmAdmin.V1.WriteOperation.OperationOneofCase;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>The writes of a batch.</summary>
internal static class BatchWrites
{
    private const int Most = 1_000;

    /// <summary>What the batch requires of its caller: what each write does; nothing to write is for those who may write all.</summary>
    private static IReadOnlyList<string> Permissions(Wire.BatchWriteRequest request) =>
        [.. request.Operations.Select(Read).Select(operation => operation is null ? IamPermissions.RealmsWrite : WritePermissions.Of(operation.Kind))
            .DefaultIfEmpty(IamPermissions.RealmsWrite).Distinct()];

    /// <summary>A caller who may do each of the writes.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    public static async Task<Caller> RequireAsync(
        Func<ServerCallContext, string, string, Task<Administrator>> requireAsync, ServerCallContext context, Wire.BatchWriteRequest request)
    {
        var permissions = Permissions(request);
        var (caller, _) = await requireAsync(context, request.RealmId, permissions[0]);
        foreach (var permission in permissions.Skip(1))
        {
            await requireAsync(context, request.RealmId, permission);
        }

        return caller;
    }

    /// <exception cref="IamException">INVALID_ARGUMENT, CROSS_REALM_REFERENCE.</exception>
    public static IReadOnlyList<ResourceOperation> Operations(Wire.BatchWriteRequest request)
    {
        if (request.Operations.Count is 0 or > Most)
        {
            throw OperationFields.Invalid("operations", string.Create(CultureInfo.InvariantCulture, $"must be 1 to {Most}"));
        }

        return [.. request.Operations.Select((operation, index) => Operation(operation, index, request.RealmId))];
    }

    private static ResourceOperation Operation(Wire.WriteOperation operation, int index, string realmId)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"operations[{index}]");
        var field = Wire.WriteOperation.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(operation)
            ?? throw OperationFields.Invalid(path, "must be set");
        var prefix = $"{path}.{field.Name}.";
        Draft.RefuseOtherRealm(realmId, OperationFields.TextOf((IMessage)field.Accessor.GetValue(operation), "realm_id"), $"{prefix}realm_id");
        return Read(operation)! with { Prefix = prefix };
    }

    private static ResourceOperation? Read(Wire.WriteOperation operation) => operation.OperationCase switch
    {
        Case.CreateClient => new CreateResource(ResourceKind.Client, operation.CreateClient.Client),
        Case.CreateResourceServer => new CreateResource(ResourceKind.ResourceServer, operation.CreateResourceServer.ResourceServer),
        Case.CreateScope => new CreateResource(ResourceKind.Scope, operation.CreateScope.Scope),
        Case.CreateRole => new CreateResource(ResourceKind.Role, operation.CreateRole.Role),
        Case.CreateGroup => new CreateResource(ResourceKind.Group, operation.CreateGroup.Group),
        Case.CreateOrganization => new CreateResource(ResourceKind.Organization, operation.CreateOrganization.Organization),
        Case.CreateUser => new CreateResource(ResourceKind.User, operation.CreateUser.User),
        Case.CreateRoleBinding => new CreateResource(ResourceKind.RoleBinding, operation.CreateRoleBinding.RoleBinding),
        Case.CreateDelegation => operation.CreateDelegation.ToOperation(),
        _ => (ResourceOperation?)ReadUpdate(operation) ?? ReadDelete(operation),
    };

    private static UpdateResource? ReadUpdate(Wire.WriteOperation operation) => operation.OperationCase switch
    {
        Case.UpdateClient => operation.UpdateClient.ToOperation(),
        Case.UpdateResourceServer => operation.UpdateResourceServer.ToOperation(),
        Case.UpdateScope => operation.UpdateScope.ToOperation(),
        Case.UpdateRole => operation.UpdateRole.ToOperation(),
        Case.UpdateGroup => operation.UpdateGroup.ToOperation(),
        Case.UpdateOrganization => operation.UpdateOrganization.ToOperation(),
        Case.UpdateUser => operation.UpdateUser.ToOperation(),
        Case.UpdateRoleBinding => operation.UpdateRoleBinding.ToOperation(),
        Case.UpdateDelegation => operation.UpdateDelegation.ToOperation(),
        _ => null,
    };

    private static DeleteResource? ReadDelete(Wire.WriteOperation operation) => operation.OperationCase switch
    {
        Case.DeleteClient => operation.DeleteClient.ToOperation(),
        Case.DeleteResourceServer => operation.DeleteResourceServer.ToOperation(),
        Case.DeleteScope => operation.DeleteScope.ToOperation(),
        Case.DeleteRole => operation.DeleteRole.ToOperation(),
        Case.DeleteGroup => operation.DeleteGroup.ToOperation(),
        Case.DeleteOrganization => operation.DeleteOrganization.ToOperation(),
        Case.DeleteUser => operation.DeleteUser.ToOperation(),
        Case.DeleteRoleBinding => operation.DeleteRoleBinding.ToOperation(),
        Case.DeleteDelegation => operation.DeleteDelegation.ToOperation(),
        _ => null,
    };

    public static Wire.BatchWriteResponse Answer(IReadOnlyList<WrittenResource> written, long revision) => new()
    {
        Revision = revision,
        Resources =
        {
            written.Select(one => new Wire.WrittenResource
            {
                ResourceKind = one.Resource.Kind.ToName(),
                ResourceId = one.Resource.Id,
                Etag = one.IsGone ? "" : ResourceEtag.Of(one.Resource),
            }),
        },
    };
}
