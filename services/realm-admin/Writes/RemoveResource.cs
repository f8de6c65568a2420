using System.Globalization;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Documents;
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
        if (!cascade)
        {
            await RefuseUseAsync(write, realm, resource, gone, path, cancellationToken);
        }

        foreach (var referrer in await referrers.FindFewAsync(write.Session, realm, resource, gone, cancellationToken))
        {
            await DetachAsync(write, realm, resource, referrer, path, cancellationToken);
        }

        await foreach (var page in referrers.PagesAsync(write.Session, realm.RealmId, gone, within: null, cancellationToken))
        {
            // Nothing refers to a role binding or a delegation, and a user stays.
            await write.ApplyAsync(
                [.. page.Select(referrer => new RealmChange(referrer, ResourceReferences.Without(referrer, gone)))], cancellationToken);
        }

        await write.ApplyAsync(new RealmChange(resource, null), cancellationToken);
    }

    /// <summary>Refuses that a resource gives up names that others refer to.</summary>
    /// <exception cref="IamException">RESOURCE_IN_USE.</exception>
    internal async Task RefuseLossAsync(
        RealmWrite write, Realm realm, IRealmResource before, IRealmResource after, string path, CancellationToken cancellationToken)
    {
        var lost = ResourceReferences.NamesOf(before).Except(ResourceReferences.NamesOf(after)).ToHashSet();
        if (lost.Count > 0)
        {
            await RefuseUseAsync(write, realm, before, lost, path, cancellationToken);
        }
    }

    private async Task RefuseUseAsync(
        RealmWrite write,
        Realm realm,
        IRealmResource resource,
        IReadOnlySet<(ReferenceKind Kind, string Id)> names,
        string path,
        CancellationToken cancellationToken)
    {
        var few = await referrers.FindFewAsync(write.Session, realm, resource, names, cancellationToken);
        var count = few.Count + await referrers.CountManyAsync(write.Session, realm.RealmId, names, cancellationToken);
        if (count == 0)
        {
            return;
        }

        var named = await SeenAsync(write, few, cancellationToken);
        await foreach (var page in referrers.PagesAsync(write.Session, realm.RealmId, names, write.Limit?.Within, cancellationToken))
        {
            named.AddRange(await SeenAsync(write, page, cancellationToken));
            if (named.Count >= MostNamed)
            {
                break;
            }
        }

        throw InUse(resource, count, named, path);
    }

    private async Task DetachAsync(
        RealmWrite write, Realm realm, IRealmResource resource, IRealmResource referrer, string path, CancellationToken cancellationToken)
    {
        // A scope pipeline decides who gets which scopes, and a condition that loses an entry may let more through: that is for people.
        if (referrer is Realm)
        {
            throw InUse(resource, 1, await SeenAsync(write, [referrer], cancellationToken), path);
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
            case Client { MayActClientId: null } when current is Client { MayActClientId: not null }:
                // Without the one that may act anybody could.
                throw InUse(resource, 1, await SeenAsync(write, [current], cancellationToken), path);
            case Client { Scopes.Count: 0 } when current is Client { Scopes.Count: > 0 }
                && realm.ScopePipeline.UnregisteredScopes == UnregisteredScopes.Any:
                // Without a registered scope it would get any.
                throw InUse(resource, 1, await SeenAsync(write, [current], cancellationToken), path);
            case var left:
                await write.ApplyAsync(new RealmChange(current, left), cancellationToken);
                break;
        }
    }

    /// <summary>What the caller does not see is counted, not named.</summary>
    private static async Task<List<IRealmResource>> SeenAsync(
        RealmWrite write, IReadOnlyList<IRealmResource> referrers, CancellationToken cancellationToken)
    {
        List<IRealmResource> seen = [];
        foreach (var referrer in referrers)
        {
            if (seen.Count < MostNamed && (write.Limit is not { } limit || await limit.Sight().SeesAsync(referrer, cancellationToken)))
            {
                seen.Add(referrer);
            }
        }

        return seen;
    }

    private static IamException InUse(IRealmResource resource, long count, IEnumerable<IRealmResource> named, string path)
    {
        var kind = resource.Kind.ToName();
        return new IamException(
            ErrorReason.ResourceInUse,
            string.Create(CultureInfo.InvariantCulture, $"{count} others refer to {kind} '{resource.Id}'."))
        {
            Metadata = new Dictionary<string, string>
            {
                ["resource_kind"] = kind,
                ["resource_id"] = resource.Id,
                ["referrers"] = count.ToString(CultureInfo.InvariantCulture),
            },
            Violations = [.. named.Take(MostNamed).Select(referrer => new FieldViolation(path, $"{referrer.Kind.ToName()} '{referrer.Id}'"))],
        };
    }
}
