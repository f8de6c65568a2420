using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>
/// Finds out what an identified caller holds in a realm. It reads the system of record, in the caller's own transaction where it writes, so that
/// a right that was taken away is never used once its loss is committed.
/// </summary>
public sealed class HoldingsReader(RealmTables tables, RealmStore realms, RoleBindingStore bindings, PlatformRealm platform, TimeProvider clock)
{
    /// <summary>What those hold whose rights are in no realm: operators, and services as they are configured; null for all others.</summary>
    public static Holdings? OfTrusted(Caller caller) => caller.Kind switch
    {
        CallerKind.Operator => Holdings.All,
        CallerKind.Service => new([new Holding(caller.Scopes.ToHashSet(), null, BindingTerms.Unconditional)], []),
        _ => null,
    };

    internal PlatformRealm Platform => platform;

    /// <param name="session">The transaction of whatever depends on the answer.</param>
    /// <param name="caller">Identified.</param>
    /// <param name="realmId">Where the caller wants to do something; empty: across realms.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<Holdings> ReadAsync(DatabaseSession session, Caller caller, string realmId, CancellationToken cancellationToken)
    {
        if (OfTrusted(caller) is { } trusted)
        {
            return trusted;
        }

        if (caller is not { Principal: { } principal, RealmId: { } own } || (own != realmId && !platform.Is(own)))
        {
            return Holdings.None;
        }

        var held = await OwnAsync(session, caller, principal, own, cancellationToken);
        return own == realmId ? held : AcrossRealms(held);
    }

    /// <summary>What administrators of the platform realm hold in every other.</summary>
    private static Holdings AcrossRealms(Holdings held)
    {
        var permissions = IamPermissions.AcrossRealms.Where(permission => held.ReachOf(permission).IsRealm).ToHashSet();
        return permissions.Count == 0 ? Holdings.None : new Holdings([new Holding(permissions, null, BindingTerms.Unconditional)], []);
    }

    internal RealmView View(DatabaseSession session, string realmId) => new(tables, bindings, session, realmId, platform.Is(realmId));

    private async Task<Holdings> OwnAsync(
        DatabaseSession session, Caller caller, Principal principal, string realmId, CancellationToken cancellationToken)
    {
        var view = View(session, realmId);
        if (await realms.FindAsync(session, realmId, cancellationToken) is not { } realm
            || await BindingsAsync(view, principal, cancellationToken) is not { Count: > 0 } bound)
        {
            return Holdings.None;
        }

        var facts = new DecisionFacts(clock.GetUtcNow(), caller.SourceAddress, caller.Acr);
        var covered = await CoveredAsync(view, caller, cancellationToken);
        List<Holding> holdings = [];
        foreach (var binding in bound.Where(b => !BindingConditions.IsExpired(b, facts) && BindingConditions.AreMet(b, realm, facts)))
        {
            var permissions = (await view.PermissionsOfRoleAsync(binding.RoleId, cancellationToken)).Where(covered.Contains).ToHashSet();
            if (permissions.Count > 0 && await PlaceAsync(view, binding, caller, cancellationToken) is { } place)
            {
                holdings.Add(new Holding(permissions, place.OrganizationId, BindingTerms.Of(binding)));
            }
        }

        return new Holdings(holdings, realm.AcrValues);
    }

    /// <summary>Those of the principal and of its groups; none where it is disabled or gone.</summary>
    internal static async Task<IReadOnlyList<RoleBinding>> BindingsAsync(RealmView view, Principal principal, CancellationToken cancellationToken)
    {
        if (principal.Type == MemberType.Client)
        {
            return await view.FindAsync<Client>(ResourceKind.Client, principal.Id, cancellationToken) is { Disabled: false }
                ? await view.BindingsOfAsync(MemberType.Client, principal.Id, cancellationToken)
                : [];
        }

        if (await view.FindAsync<User>(ResourceKind.User, principal.Id, cancellationToken) is not { Disabled: false } user)
        {
            return [];
        }

        var groups = await view.GroupsAndAboveAsync(user.GroupIds, cancellationToken);
        return
        [
            .. await view.BindingsOfAsync(MemberType.User, principal.Id, cancellationToken),
            .. await view.BindingsOfGroupsAsync(groups, cancellationToken),
        ];
    }

    private async Task<IReadOnlySet<string>> CoveredAsync(RealmView view, Caller caller, CancellationToken cancellationToken)
    {
        HashSet<string> covered = new(StringComparer.Ordinal);
        foreach (var scope in caller.Scopes)
        {
            covered.UnionWith(await view.PermissionsOfScopeAsync(scope, cancellationToken));
        }

        if (caller.DelegationId is { } delegationId)
        {
            covered.IntersectWith(await DelegatedAsync(view, caller, delegationId, cancellationToken));
        }

        foreach (var actor in caller.Actors)
        {
            await LimitAsync(covered, view, actor, cancellationToken);
        }

        return covered;
    }

    /// <summary>What the delegation that the token comes from lets others do; nothing where it has ended, whatever a feed still says.</summary>
    private async Task<IReadOnlySet<string>> DelegatedAsync(RealmView view, Caller caller, string delegationId, CancellationToken cancellationToken)
    {
        HashSet<string> delegated = new(StringComparer.Ordinal);
        var delegation = await view.FindAsync<DelegationRecord>(ResourceKind.Delegation, delegationId, cancellationToken);
        if (delegation is null || delegation.IsExpiredAt(clock.GetUtcNow()) || caller.Principal != Principal.User(delegation.DelegatorId))
        {
            return delegated;
        }

        foreach (var scope in delegation.Scopes)
        {
            delegated.UnionWith(await view.PermissionsOfScopeAsync(scope, cancellationToken));
        }

        return delegated;
    }

    /// <summary>Who acts for another does no more than it is registered for; users do not administer for others.</summary>
    private static async Task LimitAsync(HashSet<string> covered, RealmView view, Principal actor, CancellationToken cancellationToken)
    {
        HashSet<string> registered = new(StringComparer.Ordinal);
        if (actor.Type == MemberType.Client && await view.FindAsync<Client>(ResourceKind.Client, actor.Id, cancellationToken) is { Disabled: false } client)
        {
            foreach (var scope in client.Scopes)
            {
                registered.UnionWith(await view.PermissionsOfScopeAsync(scope, cancellationToken));
            }
        }

        covered.IntersectWith(registered);
    }

    /// <summary>Where the binding holds for this token; null: nowhere.</summary>
    private static async Task<Place?> PlaceAsync(RealmView view, RoleBinding binding, Caller caller, CancellationToken cancellationToken)
    {
        var organizationId = binding.OrganizationId;
        if (caller.OrganizationId is { } tied)
        {
            if (organizationId is null || (await view.AncestorsAndSelfAsync(tied, cancellationToken)).Contains(organizationId))
            {
                organizationId = tied;
            }
            else if (!(await view.AncestorsAndSelfAsync(organizationId, cancellationToken)).Contains(tied))
            {
                return null;
            }
        }

        return organizationId is null || await view.IsUsableAsync(organizationId, cancellationToken) ? new Place(organizationId) : null;
    }

    private sealed record Place(string? OrganizationId);
}
