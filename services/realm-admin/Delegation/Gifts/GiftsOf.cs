using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>
/// What a change gives away. Whether somebody has it already through something else does not matter: who gives it a second time decides that it
/// stays when the first is taken back.
/// </summary>
internal static class GiftsOf
{
    public static Task<IReadOnlyList<Gift>> ChangeAsync(RealmView view, RealmChange change, CancellationToken cancellationToken) => change switch
    {
        { After: RoleBinding after } => BindingGifts.OfAsync(view, change.Before as RoleBinding, after, cancellationToken),
        { After: DelegationRecord after } => DelegationGifts.OfAsync(view, change.Before as DelegationRecord, after, cancellationToken),
        { After: Role after } => RoleGifts.OfAsync(view, change.Before as Role, after, cancellationToken),
        { After: Scope after } => Task.FromResult(ScopeGifts.Of(change.Before as Scope, after)),
        { After: Group after } => GroupGifts.OfAsync(view, change.Before as Group, after, cancellationToken),
        { After: User after } => UserGifts.OfAsync(view, change.Before as User, after, cancellationToken),
        { After: Client after } => ClientGifts.OfAsync(view, change.Before as Client, after, cancellationToken),
        { After: Organization after } => OrganizationGifts.OfAsync(view, change.Before as Organization, after, cancellationToken),
        _ => Task.FromResult<IReadOnlyList<Gift>>([]),
    };
}
