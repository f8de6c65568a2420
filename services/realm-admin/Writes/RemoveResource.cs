using System.Globalization;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Removes a resource, and where asked to, what cannot be without it; everything else loses its reference.</summary>
public sealed class RemoveResource(Referrers referrers, RealmTables tables)
{
    private const int MostNamed = 100;

    /// <exception cref="IamException">RESOURCE_IN_USE.</exception>
    internal async Task ExecuteAsync(
        RealmWrite write, Realm realm, IRealmResource resource, bool cascade, string path, CancellationToken cancellationToken)
    {
        var gone = ResourceReferences.NamesOf(resource);
        var found = await referrers.FindAsync(write.Session, realm, resource, gone, cancellationToken);
        if (found.Count > 0 && !cascade)
        {
            throw await InUseAsync(write, resource, found, path, cancellationToken);
        }

        foreach (var referrer in found)
        {
            await DetachAsync(write, realm, resource, referrer, path, cancellationToken);
        }

        await write.ApplyAsync(new RealmChange(resource, null), cancellationToken);
    }

    /// <summary>Refuses that a resource gives up names that others refer to.</summary>
    /// <exception cref="IamException">RESOURCE_IN_USE.</exception>
    internal async Task RefuseLossAsync(
        RealmWrite write, Realm realm, IRealmResource before, IRealmResource after, string path, CancellationToken cancellationToken)
    {
        var lost = ResourceReferences.NamesOf(before).Except(ResourceReferences.NamesOf(after)).ToHashSet();
        if (lost.Count > 0 && await referrers.FindAsync(write.Session, realm, before, lost, cancellationToken) is { Count: > 0 } found)
        {
            throw await InUseAsync(write, before, found, path, cancellationToken);
        }
    }

    private async Task DetachAsync(
        RealmWrite write, Realm realm, IRealmResource resource, IRealmResource referrer, string path, CancellationToken cancellationToken)
    {
        // A scope pipeline decides who gets which scopes, and a condition that loses an entry may let more through: that is for people.
        if (referrer is Realm)
        {
            throw await InUseAsync(write, resource, [referrer], path, cancellationToken);
        }

        // Another removal of this cascade may have changed or removed it already.
        var current = await tables.FindAsync(write.Session, referrer.Kind, realm.RealmId, referrer.Id, cancellationToken);
        if (current is null)
        {
            return;
        }

        switch (ResourceReferences.Without(current, ResourceReferences.NamesOf(resource)))
        {
            case null:
                await ExecuteAsync(write, realm, current, cascade: true, path, cancellationToken);
                break;
            case Client { Scopes.Count: 0 } when current is Client { Scopes.Count: > 0 }
                && realm.ScopePipeline.UnregisteredScopes == UnregisteredScopes.Any:
                // Without a registered scope it would get any.
                throw await InUseAsync(write, resource, [current], path, cancellationToken);
            case var left:
                await write.ApplyAsync(new RealmChange(current, left), cancellationToken);
                break;
        }
    }

    /// <remarks>What the caller does not see is counted, not named.</remarks>
    private static async Task<IamException> InUseAsync(
        RealmWrite write, IRealmResource resource, IReadOnlyList<IRealmResource> referrers, string path, CancellationToken cancellationToken)
    {
        List<IRealmResource> named = [];
        foreach (var referrer in referrers)
        {
            if (named.Count < MostNamed && (write.Limit is not { } limit || await limit.Sight().SeesAsync(referrer, cancellationToken)))
            {
                named.Add(referrer);
            }
        }

        var kind = resource.Kind.ToName();
        return new IamException(
            ErrorReason.ResourceInUse,
            string.Create(CultureInfo.InvariantCulture, $"{referrers.Count} others refer to {kind} '{resource.Id}'."))
        {
            Metadata = new Dictionary<string, string>
            {
                ["resource_kind"] = kind,
                ["resource_id"] = resource.Id,
                ["referrers"] = referrers.Count.ToString(CultureInfo.InvariantCulture),
            },
            Violations = [.. named.Select(referrer => new FieldViolation(path, $"{referrer.Kind.ToName()} '{referrer.Id}'"))],
        };
    }
}
