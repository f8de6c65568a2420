using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Access;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Which live grants changes touch.</summary>
/// <param name="sides">The realm before and after them.</param>
/// <param name="comparison">What it means for each principal.</param>
/// <param name="lessened">The changes after which something may be refused that was allowed, by principal.</param>
internal sealed class GrantEffects(RealmSides sides, AccessComparison comparison, IReadOnlyDictionary<Principal, IReadOnlyList<AccessChange>> lessened)
{
    // Asking for so many one by one costs as much as asking for all.
    private const int Few = 50;

    /// <summary>Whose grants can be touched: nobody's, some principals', or anybody's in the realm, which is a null.</summary>
    public IReadOnlyList<Principal?> Whose()
    {
        if (sides.Before.Realm.Disabled)
        {
            return [];
        }

        if (AnybodysAreTouched())
        {
            return [null];
        }

        var principals = lessened.Keys
            .Union(sides.Changes.Where(change => change.Before is User && IsGone(change)).Select(change => change.Resource.AsPrincipal()))
            .Union(sides.Principals.Where(principal => principal.Type == MemberType.Client && LosesScopes(principal.Id)));
        List<Principal?> some = [.. principals.Order(Principals.Order).Select(principal => (Principal?)principal)];
        return some.Count > Few ? [null] : some;
    }

    /// <summary>Null: the grant is good for all that it was good for.</summary>
    public GrantChange? Of(Grant grant)
    {
        var principal = grant.UserId.Length > 0 ? Principal.User(grant.UserId) : Principal.Client(grant.ClientId);
        if (Whole(grant, principal) is { } reason)
        {
            return new GrantChange(grant, [.. grant.Scopes.Order(StringComparer.Ordinal)], reason);
        }

        var lost = grant.Scopes.Where(scope => IsLostBy(grant.ClientId, scope)).ToHashSet(StringComparer.Ordinal);
        var permissions = LessenedFor(grant, principal);
        var narrowed = grant.Scopes.Except(lost)
            .Select(scope => (Scope: scope, Permissions: sides.Before.PermissionsOfScope(scope)
                .Where(permission => permissions.Contains(permission) || !sides.After.ScopeCovers(scope, permission))
                .ToList()))
            .Where(item => item.Permissions.Count > 0)
            .ToDictionary(item => item.Scope, item => item.Permissions, StringComparer.Ordinal);
        return lost.Count + narrowed.Count == 0
            ? null
            : new GrantChange(grant, [.. lost.Concat(narrowed.Keys).Order(StringComparer.Ordinal)], Words(lost, narrowed.Values.SelectMany(names => names)));
    }

    private bool AnybodysAreTouched() =>
        sides.After.Realm.Disabled
        || sides.Changes.Any(change => change switch
        {
            { Before: Scope before } => (change.After is Scope after ? before.Permissions.Except(after.Permissions) : before.Permissions.Append("")).Any(),
            { Before: ResourceServer before } => before.Permissions.Select(permission => permission.Name).Any(name => !sides.After.HasScope(name)),
            { Before: Organization { OrganizationId: var id } } => sides.Before.IsUsableOrganization(id) && !sides.After.IsUsableOrganization(id),
            _ => false,
        });

    /// <summary>Why nothing can be done with the grant any more; null: something can.</summary>
    private string? Whole(Grant grant, Principal principal)
    {
        if (sides.After.Realm.Disabled)
        {
            return "The realm is disabled, so nothing can be done with the grant.";
        }

        if (principal.Type == MemberType.User && sides.FindChange(ResourceKind.User, principal.Id) is { } user && IsGone(user))
        {
            return $"The user is {(user.After is null ? "removed" : "disabled")}, so nothing can be done with the grant.";
        }

        if (IsGone(grant.ClientId))
        {
            var isThere = sides.After.FindClient(grant.ClientId) is not null;
            return $"The client is {(isThere ? "disabled" : "removed")}, so nothing can be done with the grant.";
        }

        return grant.OrganizationId.Length > 0
            && sides.Before.IsUsableOrganization(grant.OrganizationId) && !sides.After.IsUsableOrganization(grant.OrganizationId)
            ? $"Organization '{grant.OrganizationId}' can no longer be used, so nothing can be done with the grant."
            : null;
    }

    /// <summary>In the organization that the grant is tied to or one below it; in any where it is tied to none.</summary>
    private HashSet<string> LessenedFor(Grant grant, Principal principal)
    {
        var changes = lessened.GetValueOrDefault(principal, []);
        if (changes.Count == 0 || grant.OrganizationId.Length == 0)
        {
            return [.. changes.Select(change => change.Permission)];
        }

        var within = changes
            .Where(change => change.OrganizationId is { } id
                && (sides.Before.IsWithin(id, grant.OrganizationId) || sides.After.IsWithin(id, grant.OrganizationId)))
            .Select(change => change.Permission);
        return [.. within, .. comparison.Lessened(principal, grant.OrganizationId)];
    }

    private bool IsLostBy(string clientId, string scope) =>
        (sides.Before.HasScope(scope) && !sides.After.HasScope(scope))
        || (MayAskFor(sides.Before, clientId, scope) && !MayAskFor(sides.After, clientId, scope));

    /// <summary>Whether there are scopes that a client may ask for before and not after.</summary>
    private bool LosesScopes(string clientId) => IsGone(clientId)
        || (MayAskForAny(sides.Before.FindClient(clientId), sides.Before)
            ? !MayAskForAny(sides.After.FindClient(clientId), sides.After)
            : (sides.Before.FindClient(clientId)?.Scopes ?? []).Any(scope => !MayAskFor(sides.After, clientId, scope)));

    private bool IsGone(string clientId) =>
        sides.Before.FindClient(clientId) is { Disabled: false } && sides.After.FindClient(clientId) is null or { Disabled: true };

    /// <summary>A client that no change concerns is on neither side, and loses nothing.</summary>
    private static bool MayAskFor(RealmSnapshot realm, string clientId, string scope) =>
        realm.FindClient(clientId) is { } client && (client.Scopes.Contains(scope) || MayAskForAny(client, realm));

    private static bool MayAskForAny(Client? client, RealmSnapshot realm) =>
        client is { Scopes.Count: 0, DynamicallyRegistered: false } && realm.Realm.ScopePipeline.UnregisteredScopes == UnregisteredScopes.Any;

    private static bool IsGone(RealmChange user) => user is { Before: User { Disabled: false } } and ({ After: null } or { After: User { Disabled: true } });

    private static string Words(IReadOnlyCollection<string> lost, IEnumerable<string> permissions)
    {
        var shrinking = permissions.Distinct().Order(StringComparer.Ordinal).ToList();
        var scopes = lost.Count == 0 ? "" : $"The client loses {Listing.Of(lost.Order(StringComparer.Ordinal))}.";
        var allowed = shrinking.Count == 0 ? "" : $"What its tokens allow shrinks: {Listing.Plain(shrinking)}.";
        return string.Join(' ', new[] { scopes, allowed }.Where(sentence => sentence.Length > 0));
    }
}
