using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Delegations;

/// <summary>Lets somebody act for a user who says so, in what the user may do.</summary>
public sealed class GrantOwnDelegation(
    RealmWrites writes, RealmStore realms, DelegationStore delegations, ResourceCheck check, HoldingsReader holdings, PlatformRealm platform)
{
    private const int Most = 100;
    private const string Path = "delegation";

    /// <exception cref="IamException">What <c>DelegationService.GrantOwnDelegation</c> lists.</exception>
    public async Task<(DelegationRecord Delegation, long Revision)> RunAsync(
        OwnCaller caller, string realmId, string userId, Wire.Delegation? asked, CancellationToken cancellationToken)
    {
        var form = ResourceForm.Of(ResourceKind.Delegation);
        var message = (Wire.Delegation)OperationFields.Require(form, asked, "", realmId);
        if (message.DelegatorId.Length > 0 && message.DelegatorId != userId)
        {
            throw OperationFields.Invalid($"{Path}.delegator_id", "must be empty or the user of the request");
        }

        message = message.Clone();
        (message.DelegationId, message.DelegatorId) = (DelegationId.New(), userId);

        await using var write = await writes.BeginAsync(realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        write.BegunBy(caller.As(realmId, userId));
        var realm = await realms.FindAsync(write.Session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var draft = Draft.Read(form, realmId, platform.Is(realmId), message, Path);
        var delegation = (DelegationRecord)write.WithAuthor(draft.Resource) with { SelfGranted = true };
        if (!realm.TokenExchange.Rules.Any(rule => rule.Source == TokenExchangeSource.Delegation))
        {
            throw new IamException(ErrorReason.NotOffered, "No rule of the realm lets anybody act by a delegation.");
        }

        await check.ReferencesAsync(write, check.IdsOf(write.Session, realmId), realm, draft, stored: null, cancellationToken);
        await RequireHeldAsync(write, delegation, cancellationToken);
        await MakeRoomAsync(write, delegation, cancellationToken);
        await write.ApplyAsync(new RealmChange(null, delegation), cancellationToken);
        await write.CommitAsync(caller.As(realmId, userId), cancellationToken);
        return (delegation, write.Revision);
    }

    /// <summary>
    /// The user must hold all that each scope covers, where the delegation is for, or anywhere where it is for no organization. On what terms does not
    /// matter: a check looks at them for the user each time.
    /// </summary>
    private async Task RequireHeldAsync(RealmWrite write, DelegationRecord delegation, CancellationToken cancellationToken)
    {
        var view = holdings.View(write.Session, delegation.RealmId);
        if (await view.FindAsync<User>(ResourceKind.User, delegation.DelegatorId, cancellationToken) is not { Disabled: false })
        {
            throw ResourceNotFound.For(ResourceKind.User, delegation.DelegatorId);
        }

        var held = await HeldAsync(view, delegation, cancellationToken);
        foreach (var scope in delegation.Scopes)
        {
            if ((await view.PermissionsOfScopeAsync(scope, cancellationToken)).FirstOrDefault(permission => !held.Contains(permission)) is { } missing)
            {
                throw new IamException(ErrorReason.GrantExceedsOwn, $"The user does not hold {missing} there, and lets nobody do it.")
                {
                    Metadata = new Dictionary<string, string> { ["permission"] = missing, ["realm_id"] = delegation.RealmId },
                };
            }
        }
    }

    private async Task<HashSet<string>> HeldAsync(RealmView view, DelegationRecord delegation, CancellationToken cancellationToken)
    {
        var places = await view.AncestorsAndSelfAsync(delegation.OrganizationId, cancellationToken);
        HashSet<string> held = new(StringComparer.Ordinal);
        foreach (var binding in await HoldingsReader.BindingsAsync(view, Principal.User(delegation.DelegatorId), cancellationToken))
        {
            var isThere = delegation.OrganizationId is null || binding.OrganizationId is null || places.Contains(binding.OrganizationId);
            if (isThere && !(binding.ExpiresAt <= writes.Clock.GetUtcNow()))
            {
                held.UnionWith(await view.PermissionsOfRoleAsync(binding.RoleId, cancellationToken));
            }
        }

        return held;
    }

    /// <summary>What the user gave and what is over goes: it would be in every replica's memory for ever.</summary>
    private async Task MakeRoomAsync(RealmWrite write, DelegationRecord delegation, CancellationToken cancellationToken)
    {
        var filter = new DelegationFilter { DelegatorId = delegation.DelegatorId };
        var given = await delegations.ListByAsync(write.Session, delegation.RealmId, filter, PageRange.All, cancellationToken);
        var over = given.Where(one => one.SelfGranted && one.IsExpiredAt(delegation.CreatedAt)).ToList();
        await write.ApplyAsync([.. over.Select(one => new RealmChange(one, null))], cancellationToken);
        if (given.Count(one => one.SelfGranted) - over.Count >= Most)
        {
            throw new IamException(ErrorReason.TooManyDelegations, $"The user has given {Most} delegations, the most there can be.");
        }
    }
}
