using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>
/// Whoever makes a client, its secrets or its addresses can act as it, and so gives away what it is bound to, what its scopes reach and what users
/// delegated to it. Changes that
/// leave it as it is, or less, give nothing: a leaked secret can be removed by whoever may write clients.
/// </summary>
internal static class ClientGifts
{
    public static async Task<IReadOnlyList<Gift>> OfAsync(RealmView view, Client? before, Client after, CancellationToken cancellationToken)
    {
        if (before is not null && Narrowed(before, after).Equals(after) && !await LosesItsLastScopeAsync(view, before, after, cancellationToken))
        {
            return [];
        }

        var bound = await view.BindingsOfAsync(MemberType.Client, after.ClientId, cancellationToken);
        return
        [
            .. await BindingGifts.OfAllAsync(view, bound, cancellationToken),
            await ScopesAsync(view, after, cancellationToken),
            .. await DelegationGifts.OfAllToAsync(view, MemberType.Client, after.ClientId, cancellationToken),
        ];
    }

    /// <summary>What was, with all of what is to be that gives nobody anything. Whatever is not named here counts as control of the client.</summary>
    private static Client Narrowed(Client before, Client after) => before with
    {
        DisplayName = after.DisplayName,
        Disabled = before.Disabled || after.Disabled,
        GrantTypes = Kept(before.GrantTypes, after.GrantTypes),
        RedirectUris = Kept(before.RedirectUris, after.RedirectUris),
        Scopes = Kept(before.Scopes, after.Scopes),
        Secrets = after.Secrets.All(secret => before.Secrets.Any(was => IsNarrowed(was, secret))) ? after.Secrets : before.Secrets,
        ConsentPolicy = after.ConsentPolicy == ConsentPolicy.Required ? after.ConsentPolicy : before.ConsentPolicy,
    };

    private static ValueList<string> Kept(ValueList<string> before, ValueList<string> after) => after.All(before.Contains) ? after : before;

    private static bool IsNarrowed(ClientSecret before, ClientSecret after) =>
        before with { ExpiresAt = after.ExpiresAt } == after
        && (after.ExpiresAt ?? DateTimeOffset.MaxValue) <= (before.ExpiresAt ?? DateTimeOffset.MaxValue);

    /// <summary>Whether it comes to have any scope there is, because none is left that it is registered for.</summary>
    private static async Task<bool> LosesItsLastScopeAsync(RealmView view, Client before, Client after, CancellationToken cancellationToken) =>
        before.Scopes.Count > 0 && after.Scopes.Count == 0 && await HasAnyScopeAsync(view, after, cancellationToken);

    private static async Task<bool> HasAnyScopeAsync(RealmView view, Client client, CancellationToken cancellationToken) =>
        client is { Scopes.Count: 0, DynamicallyRegistered: false }
        && await view.FindAsync<Realm>(ResourceKind.Realm, client.RealmId, cancellationToken) is { ScopePipeline.UnregisteredScopes: UnregisteredScopes.Any };

    /// <summary>
    /// A trusted client gets its scopes of every user without asking. One that is not gets them of those who agree, which is theirs to decide: it is
    /// then looked at where it belongs.
    /// </summary>
    private static async Task<Gift> ScopesAsync(RealmView view, Client client, CancellationToken cancellationToken)
    {
        if (await HasAnyScopeAsync(view, client, cancellationToken))
        {
            return Gift.InRealm(IamPermissions.RealmsWrite);
        }

        HashSet<string> permissions = new(StringComparer.Ordinal);
        foreach (var scope in await TransformedAsync(view, client, cancellationToken))
        {
            permissions.UnionWith(await view.PermissionsOfScopeAsync(scope, cancellationToken));
        }

        return new Gift(permissions, client.ConsentPolicy == ConsentPolicy.Trusted ? null : client.OwnerOrganizationId, BindingTerms.Unconditional);
    }

    /// <summary>What it is registered for, and what the realm's transformations make of it.</summary>
    private static async Task<IReadOnlySet<string>> TransformedAsync(RealmView view, Client client, CancellationToken cancellationToken)
    {
        var realm = await view.FindAsync<Realm>(ResourceKind.Realm, client.RealmId, cancellationToken);
        HashSet<string> scopes = new(client.Scopes, StringComparer.Ordinal);
        foreach (var step in (realm?.ScopePipeline.Transformations ?? []).Where(step => scopes.Contains(step.Scope)))
        {
            scopes.UnionWith(step.Replacements);
        }

        return scopes;
    }
}
