using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>
/// What a write must stay within: it changes only what belongs to where its caller administers, and nobody grants more than they hold. What the caller
/// holds is decided before its first change, and each change is compared with the realm as the changes before it left it, so that no order of changes
/// lets more through than one of them alone.
/// </summary>
public sealed class WriteLimit(HoldingsReader reader, DatabaseSession session, string realmId, Holdings holdings)
{
    private string _permission = "";
    private Reach _reach = new([]);

    /// <summary>Whether the caller administers some organizations only.</summary>
    public bool IsWithinOrganizations => !_reach.IsRealm;

    /// <summary>The organizations that the caller administers; null: the realm.</summary>
    internal ValueList<string>? Within => _reach.Organizations;

    /// <summary>Whether no change that the caller makes now needs a look: it may change everything and give everything.</summary>
    internal bool IsUnlimited => holdings.IsUnlimited && !IsWithinOrganizations;

    /// <summary>Where the caller may do all of what was begun so far: the realm, or the organizations of what it may do in some only.</summary>
    internal Reach Narrowest { get; private set; } = Reach.Realm;

    /// <summary>Begins with a write of a kind: what follows is done with its permission.</summary>
    /// <exception cref="IamException">PERMISSION_DENIED where the caller does not have it any more, or not in the realm where it is the realm's.</exception>
    public void Enter(ResourceKind kind)
    {
        Enter(WritePermissions.Of(kind));
        if (IsWithinOrganizations && WritePermissions.IsOfTheRealm(kind))
        {
            throw CallerGate.Denied(realmId, _permission);
        }
    }

    /// <summary>Begins with making or deleting the realm itself. The realm that administers realms is for operators alone to make and delete.</summary>
    /// <exception cref="IamException">PERMISSION_DENIED.</exception>
    public void EnterRealm(string permission)
    {
        Enter(permission);
        if (IsWithinOrganizations || (reader.Platform.Is(realmId) && !holdings.IsOperators))
        {
            throw CallerGate.Denied(realmId, permission);
        }
    }

    private void Enter(string permission)
    {
        (_permission, _reach) = (permission, holdings.ReachOf(permission));
        if (_reach.IsNowhere)
        {
            throw CallerGate.Denied(realmId, permission);
        }

        if (_reach.Organizations is { } organizations)
        {
            Narrowest = new Reach((Narrowest.Organizations ?? []).Union(organizations).Order(StringComparer.Ordinal).ToValueList());
        }
    }

    /// <summary>What the caller sees, as the realm is now.</summary>
    public ReachView Sight() => new(reader.View(session, realmId), _reach);

    /// <exception cref="IamException">PERMISSION_DENIED, GRANT_EXCEEDS_OWN.</exception>
    internal async Task RequireAsync(RealmChange change, CancellationToken cancellationToken)
    {
        var view = reader.View(session, realmId);
        if (IsWithinOrganizations && !await Belonging.AllowsAsync(new ReachView(view, _reach), change, cancellationToken))
        {
            throw CallerGate.Denied(realmId, _permission);
        }

        if (holdings.IsUnlimited)
        {
            return;
        }

        foreach (var gift in await GiftsOf.ChangeAsync(view, change, cancellationToken))
        {
            var places = await view.AncestorsAndSelfAsync(gift.OrganizationId, cancellationToken);
            if (gift.Permissions.Order(StringComparer.Ordinal).FirstOrDefault(permission => !holdings.Cover(permission, places, gift.Terms)) is { } missing)
            {
                throw Exceeded(missing, gift);
            }
        }
    }

    private IamException Exceeded(string permission, Gift gift)
    {
        var where = gift.OrganizationId is { } organizationId ? $"in organization '{organizationId}'" : "in the realm";
        return new IamException(
            ErrorReason.GrantExceedsOwn,
            $"The write would give away {permission} {where}, which the caller does not hold there, or not for as long and as freely.")
        {
            Metadata = new Dictionary<string, string> { ["permission"] = permission, ["realm_id"] = realmId },
        };
    }
}
