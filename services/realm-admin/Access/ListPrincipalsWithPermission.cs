using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Paging;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>
/// Who has a permission in a context, and why. A page costs one reading of the bindings of the roles that have the permission, and a page of
/// members of each group that is bound; users and bindings that have nothing to do with the permission are not read.
/// </summary>
public sealed class ListPrincipalsWithPermission(IDatabase database, AccessTables tables, TimeProvider clock)
{
    /// <exception cref="IamException">PERMISSION_DENIED, REALM_NOT_FOUND, RESOURCE_NOT_FOUND, UNKNOWN_ORGANIZATION, INVALID_PAGE_TOKEN.</exception>
    public async Task<Page<(Principal Principal, IReadOnlyList<AccessPath> Paths)>> ExecuteAsync(
        AccessContext context, string permission, PageRequest page, CancellationToken cancellationToken)
    {
        var query = $"principals_with_permission\n{context.RealmId}\n{permission}\n{context.OrganizationId}";
        var after = PrincipalPosition.Read(query, page.Token);
        await using var session = await database.BeginReadAsync(cancellationToken);
        var records = new StoredRecords(session, context.RealmId, tables);
        var vocabulary = await records.VocabularyAsync(cancellationToken);
        var realm = RealmSnapshot.Create(vocabulary.OfType<Realm>().Single().Revision, vocabulary);
        var organizationId = context.Require(realm);
        RequireDeclared(realm, permission);
        if (realm.Realm.Disabled || (organizationId is not null && !realm.IsUsableOrganization(organizationId)))
        {
            return new([], "", realm.Revision);
        }

        var now = clock.GetUtcNow();
        var bindings = await BindingsAsync(records, vocabulary, realm, permission, organizationId, cancellationToken);
        var holders = new PermissionHolders(records, vocabulary, [.. bindings.Where(binding => !BindingTerms.IsOver(binding, now))]);
        var found = await holders.ListAsync(after, page.Limit + 1, cancellationToken);
        realm = realm.Apply(realm.Revision, [.. found, .. bindings], []);
        var principals = found.Take(page.Limit).Select(resource => resource.AsPrincipal()).ToList();
        return new(
            [.. principals.Select(principal => (principal, AccessPaths.To(realm, principal, organizationId, permission, now)))],
            found.Count > page.Limit ? PrincipalPosition.Create(query, principals[^1]) : "",
            realm.Revision);
    }

    /// <summary>What gives the permission in the context.</summary>
    private static async Task<IReadOnlyList<RoleBinding>> BindingsAsync(
        StoredRecords records,
        IReadOnlyList<IRealmResource> vocabulary,
        RealmSnapshot realm,
        string permission,
        string? organizationId,
        CancellationToken cancellationToken)
    {
        List<RoleBinding> bindings = [];
        foreach (var role in vocabulary.OfType<Role>().Concat(BuiltInResources.RolesOf(realm.RealmId, realm.Realm.IsPlatform)).DistinctBy(role => role.RoleId))
        {
            if (PermissionEvaluator.PermissionsOfRoles(realm, [role.RoleId]).Contains(permission))
            {
                bindings.AddRange(await records.BindingsAsync(new() { RoleId = role.RoleId }, cancellationToken));
            }
        }

        return
        [
            .. bindings.Where(binding => binding.OrganizationId is not { } place
                || (organizationId is not null && realm.IsWithin(organizationId, place))),
        ];
    }

    private static void RequireDeclared(RealmSnapshot realm, string permission)
    {
        if (realm.FindDeclaringResourceServer(permission) is null)
        {
            throw new IamException(ErrorReason.ResourceNotFound, $"No resource server of the realm declares the permission '{permission}'.")
            {
                Metadata = new Dictionary<string, string> { ["resource_kind"] = "permission", ["resource_id"] = permission },
            };
        }
    }
}
