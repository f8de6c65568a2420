using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>What must happen to a stored realm so that it is what a document says.</summary>
public static class RealmDifference
{
    // What others refer to is written first and removed last.
    private static readonly ResourceKind[] Order =
    [
        ResourceKind.Realm, ResourceKind.Organization, ResourceKind.Client, ResourceKind.ResourceServer, ResourceKind.Scope, ResourceKind.Role,
        ResourceKind.Group, ResourceKind.User, ResourceKind.RoleBinding, ResourceKind.Delegation,
    ];

    /// <summary>The changes in the order in which they are to be applied: removals, then the rest.</summary>
    /// <param name="stored">All of the realm; empty: it does not exist.</param>
    /// <param name="document">What it is to be.</param>
    /// <param name="author">Who makes what is new.</param>
    /// <param name="now">The time of that.</param>
    public static IReadOnlyList<RealmChange> Between(
        IReadOnlyList<IRealmResource> stored, RealmDocument document, string author, DateTimeOffset now)
    {
        var before = stored.ToDictionary(Key);
        var after = document.Resources
            .Select(resource => Completed(resource, before.GetValueOrDefault(Key(resource)), document, author, now))
            .ToDictionary(Key);
        foreach (var own in OwnDelegations(stored, after))
        {
            after.Add(Key(own), own);
        }

        var removals = stored
            .Where(resource => !after.ContainsKey(Key(resource)))
            .Select(resource => new RealmChange(resource, null))
            .OrderByDescending(Rank).ThenBy(change => change.Resource.Id, StringComparer.Ordinal);
        var writes = after.Values
            .Select(resource => new RealmChange(before.GetValueOrDefault(Key(resource)), resource))
            .Where(change => !change.After!.Equals(change.Before))
            .OrderBy(Rank).ThenBy(change => change.Resource.Id, StringComparer.Ordinal);
        return [.. removals, .. writes];
    }

    /// <summary>
    /// Permissions and external identities belong to one resource at a time. Written before the changes, these let go of what moves elsewhere,
    /// so that the order of the changes does not matter, even where two resources swap.
    /// </summary>
    public static IEnumerable<IRealmResource> Releases(IEnumerable<RealmChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case { Before: ResourceServer before, After: ResourceServer after }:
                    var names = after.Permissions.Select(permission => permission.Name).ToHashSet();
                    if (before.Permissions.Any(permission => !names.Contains(permission.Name)))
                    {
                        yield return before with { Permissions = before.Permissions.Where(kept => names.Contains(kept.Name)).ToValueList() };
                    }

                    break;
                case { Before: User before, After: User after } when before.ExternalIdentities.Except(after.ExternalIdentities).Any():
                    yield return before with { ExternalIdentities = before.ExternalIdentities.Intersect(after.ExternalIdentities).ToValueList() };
                    break;
            }
        }
    }

    private static int Rank(RealmChange change) => Array.IndexOf(Order, change.Resource.Kind);

    private static (ResourceKind Kind, string Id) Key(IRealmResource resource) => (resource.Kind, resource.Id);

    /// <summary>A document says nothing of revisions and times, and of secrets only what is to change.</summary>
    private static IRealmResource Completed(
        IRealmResource resource, IRealmResource? stored, RealmDocument document, string author, DateTimeOffset now) =>
        resource switch
        {
            Realm realm when stored is Realm was => UpstreamSecrets.Kept(realm, was) with { Revision = was.Revision, CreatedAt = was.CreatedAt },
            Realm realm => realm with { CreatedAt = now },
            Client client => client with { Secrets = Secrets(client, stored as Client, document, now) },
            DelegationRecord delegation when stored is DelegationRecord was => delegation with { CreatedAt = was.CreatedAt, CreatedBy = was.CreatedBy },
            DelegationRecord delegation => delegation with { CreatedAt = Values.ToMicroseconds(now), CreatedBy = author },
            _ => resource,
        };

    /// <summary>
    /// What users gave away themselves is theirs, and in no document: it stays as it is, but for what it cannot be without.
    /// </summary>
    private static IReadOnlyList<DelegationRecord> OwnDelegations(
        IReadOnlyList<IRealmResource> stored, Dictionary<(ResourceKind Kind, string Id), IRealmResource> after)
    {
        var own = stored.OfType<DelegationRecord>().Where(delegation => delegation.SelfGranted && !after.ContainsKey(Key(delegation))).ToList();
        if (own.Count == 0)
        {
            return [];
        }

        var gone = stored.SelectMany(ResourceReferences.NamesOf).Except(after.Values.SelectMany(ResourceReferences.NamesOf)).ToHashSet();
        return
        [
            .. own.Select(delegation => ResourceReferences.Refers(delegation, gone) ? ResourceReferences.Without(delegation, gone) : delegation)
                .OfType<DelegationRecord>(),
        ];
    }

    private static ValueList<ClientSecret> Secrets(Client client, Client? stored, RealmDocument document, DateTimeOffset now)
    {
        if (document.KeepsSecrets(client.ClientId))
        {
            return client.ClientType == ClientType.Public ? [] : stored?.Secrets ?? [];
        }

        return client.Secrets
            .Select(secret => secret with
            {
                CreatedAt = stored?.Secrets.FirstOrDefault(was => was.SecretId == secret.SecretId && was.Sha256 == secret.Sha256)?.CreatedAt ?? now,
            })
            .ToValueList();
    }
}
