using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>What a principal may do in a context, and why. Reads what is few in every realm, the principal, and its bindings and those of its groups.</summary>
public sealed class ListEffectivePermissions(IDatabase database, AccessTables tables, TimeProvider clock)
{
    /// <param name="context">The realm, and the organization acted in.</param>
    /// <param name="principal">Whom it is about.</param>
    /// <param name="audience">Only what this resource server declares; empty: all.</param>
    /// <param name="cancellationToken">Of the call.</param>
    /// <exception cref="IamException">PERMISSION_DENIED, REALM_NOT_FOUND, RESOURCE_NOT_FOUND, UNKNOWN_ORGANIZATION.</exception>
    public async Task<EffectivePermissions> ExecuteAsync(
        AccessContext context, Principal principal, string audience, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginReadAsync(cancellationToken);
        var records = new StoredRecords(session, context.RealmId, tables);
        var vocabulary = await records.VocabularyAsync(cancellationToken);
        var found = await records.PrincipalsAsync(new HashSet<Principal> { principal }, cancellationToken);
        var realm = RealmSnapshot.Create(vocabulary.OfType<Realm>().Single().Revision, [.. vocabulary, .. found]);
        var organizationId = context.Require(realm);
        if (found.Count == 0)
        {
            throw ResourceNotFound.For(principal.Type == MemberType.User ? ResourceKind.User : ResourceKind.Client, principal.Id);
        }

        if (audience.Length > 0 && realm.FindResourceServer(audience) is null)
        {
            throw ResourceNotFound.For(ResourceKind.ResourceServer, audience);
        }

        var bindings = await records.BindingsOfAsync(Membership.Of(realm, principal), cancellationToken);
        realm = realm.Apply(realm.Revision, bindings, []);
        return new EffectivePermissions(
            [
                .. AccessPaths.Of(realm, principal, organizationId, clock.GetUtcNow())
                    .Where(item => audience.Length == 0 || realm.FindDeclaringResourceServer(item.Key)?.Audience == audience)
                    .Select(item => (item.Key, item.Value)),
            ],
            realm.Revision);
    }
}

/// <summary>What a principal may do.</summary>
/// <param name="Permissions">Ordered by name, each with the ways to it.</param>
/// <param name="Revision">Of the realm.</param>
public sealed record EffectivePermissions(IReadOnlyList<(string Permission, IReadOnlyList<AccessPath> Paths)> Permissions, long Revision);
