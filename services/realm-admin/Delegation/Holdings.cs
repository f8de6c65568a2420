using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>What a caller holds in a realm: what its principal may do now, as far as its token's scopes and organization let it.</summary>
/// <param name="Items">Each comes from one role binding.</param>
/// <param name="AcrValues">The realm's, weakest first.</param>
public sealed record Holdings(IReadOnlyList<Holding> Items, ValueList<string> AcrValues)
{
    public static Holdings None { get; } = new([], []);

    /// <summary>An operator's.</summary>
    public static Holdings All { get; } = new([], []) { IsOperators = true };

    public bool IsOperators { get; private init; }

    /// <summary>Whether nothing in the realm is more than this: a document can do whatever single writes can.</summary>
    public bool IsUnlimited => IsOperators || Items.Any(item => item.OrganizationId is null && item.Permissions.Contains(IamPermissions.RealmsWrite));

    /// <summary>Where the caller may do what a permission of this suite allows.</summary>
    public Reach ReachOf(string permission)
    {
        if (IsOperators)
        {
            return Reach.Realm;
        }

        var places = Items.Where(item => item.Permissions.Contains(permission)).Select(item => item.OrganizationId).ToHashSet();
        return places.Contains(null) ? Reach.Realm : new Reach(places.OfType<string>().Order(StringComparer.Ordinal).ToValueList());
    }

    /// <summary>Whether the caller holds a permission wherever and whenever somebody else is to.</summary>
    /// <param name="permission">The permission.</param>
    /// <param name="places">The organization that it is for and those above it; empty: the realm.</param>
    /// <param name="terms">On what terms it is given.</param>
    public bool Cover(string permission, IReadOnlyList<string> places, BindingTerms terms) =>
        IsUnlimited || Items.Any(item =>
            item.Permissions.Contains(permission)
            && (item.OrganizationId is null || places.Contains(item.OrganizationId))
            && item.Terms.Cover(terms, AcrValues));
}

/// <summary>Permissions that somebody holds through one role binding.</summary>
/// <param name="Permissions">Those that the token's scopes cover.</param>
/// <param name="OrganizationId">There and below; null: in the realm.</param>
/// <param name="Terms">The binding's.</param>
public sealed record Holding(IReadOnlySet<string> Permissions, string? OrganizationId, BindingTerms Terms);
