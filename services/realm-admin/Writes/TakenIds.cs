using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>
/// Which ids are taken, as one write sees it. Many resources that are written together are looked up together, and find each other
/// before they are stored; ids that were not looked up before are asked for one by one.
/// </summary>
internal sealed class TakenIds(ResourceIdStore store, DatabaseSession session, string realmId)
{
    private static readonly ReferenceKind[] Many =
    [
        ReferenceKind.Client, ReferenceKind.Role, ReferenceKind.Group, ReferenceKind.Organization, ReferenceKind.User, ReferenceKind.RoleBinding,
        ReferenceKind.Delegation,
    ];

    // What was looked up: null where it is free.
    private readonly Dictionary<(ReferenceKind Kind, string Folded), string?> _known = [];
    private readonly Dictionary<ExternalIdentity, string?> _users = [];

    public DatabaseSession Session => session;

    /// <summary>Looks up all that the drafts declare and refer to.</summary>
    public async Task LookUpAsync(IReadOnlyCollection<Draft> drafts, CancellationToken cancellationToken)
    {
        var ids = drafts
            .SelectMany(draft => draft.References.Declared.Concat(draft.References.Open))
            .Where(reference => Many.Contains(reference.Kind) && reference.Id.All(char.IsAscii))
            .Select(reference => (reference.Kind, Folded: reference.Id.ToLowerInvariant()))
            .ToHashSet();
        foreach (var kind in ids.GroupBy(id => id.Kind, id => id.Folded))
        {
            var taken = await store.ListAsync(session, realmId, kind.Key, [.. kind], cancellationToken);
            var stored = taken.ToLookup(id => id.ToLowerInvariant());
            foreach (var folded in kind)
            {
                // Where several differ in case only, from before that was refused, one by one tells which is meant.
                if (stored[folded].Take(2).ToList() is not [_, _] and var only)
                {
                    _known[(kind.Key, folded)] = only is [var id] ? id : null;
                }
            }
        }

        var identities = drafts.Select(draft => draft.Resource).OfType<User>().SelectMany(user => user.ExternalIdentities).ToHashSet();
        foreach (var issuer in identities.GroupBy(identity => identity.Issuer, identity => identity.Subject))
        {
            var taken = await store.ListUsersAsync(session, realmId, issuer.Key, [.. issuer], cancellationToken);
            var users = taken.ToDictionary(found => found.Identity, found => found.UserId);
            foreach (var identity in issuer.Select(subject => new ExternalIdentity { Issuer = issuer.Key, Subject = subject }))
            {
                _users[identity] = users.GetValueOrDefault(identity);
            }
        }
    }

    /// <summary>A resource is there from now on, stored or not.</summary>
    public void Add(Draft draft)
    {
        foreach (var (kind, id, _) in draft.References.Declared.Where(declared => Many.Contains(declared.Kind)))
        {
            _known[(kind, id.ToLowerInvariant())] = id;
        }

        foreach (var identity in draft.Resource is User user ? user.ExternalIdentities : [])
        {
            _users[identity] = draft.Resource.Id;
        }
    }

    /// <summary>The id as it is stored; null where it is free.</summary>
    public async ValueTask<string?> FindAsync(ReferenceKind kind, string id, CancellationToken cancellationToken) =>
        _known.TryGetValue((kind, id.ToLowerInvariant()), out var known) ? known : await store.FindAsync(session, realmId, kind, id, cancellationToken);

    /// <summary>What has a scope of this name; null where it is free.</summary>
    public Task<(string Kind, string Id)?> FindScopeOwnerAsync(string id, CancellationToken cancellationToken) =>
        store.FindScopeOwnerAsync(session, realmId, id, cancellationToken);

    /// <summary>The user who is somebody at a provider; null where nobody is.</summary>
    public async ValueTask<string?> FindUserAsync(ExternalIdentity identity, CancellationToken cancellationToken) =>
        _users.TryGetValue(identity, out var known) ? known : await store.FindUserAsync(session, realmId, identity, cancellationToken);
}
