using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>Those to whom some bindings give something, in the order of lists; who is disabled has nothing.</summary>
internal sealed class PermissionHolders
{
    private readonly RealmRecords _records;
    private readonly List<string> _clients;
    private readonly List<string> _users;
    private readonly HashSet<string> _groups;

    public PermissionHolders(RealmRecords records, IReadOnlyList<IRealmResource> vocabulary, IReadOnlyList<RoleBinding> bindings)
    {
        _records = records;
        _clients = Bound(bindings, MemberType.Client);
        _users = Bound(bindings, MemberType.User);
        var below = vocabulary.OfType<Group>()
            .SelectMany(group => group.ParentGroupIds.Select(parent => (parent, group.GroupId)))
            .ToLookup(edge => edge.parent, edge => edge.GroupId, StringComparer.Ordinal);
        _groups = Ways.Reach(Bound(bindings, MemberType.Group), id => below[id]);
    }

    /// <summary>As many as asked for, or all that are left.</summary>
    public async Task<IReadOnlyList<IRealmResource>> ListAsync(Principal after, int limit, CancellationToken cancellationToken)
    {
        List<IRealmResource> found = [];
        if (after.Type == MemberType.Client)
        {
            await AddAsync(found, limit, after.Id, ClientsAsync, cancellationToken);
        }

        await AddAsync(found, limit, after.Type == MemberType.User ? after.Id : "", UsersAsync, cancellationToken);
        return found;
    }

    private static async Task AddAsync(
        List<IRealmResource> found,
        int limit,
        string after,
        Func<PageRange, CancellationToken, Task<IReadOnlyList<IRealmResource>>> list,
        CancellationToken cancellationToken)
    {
        while (found.Count < limit && await list(new(after, limit - found.Count), cancellationToken) is [.., var last] page)
        {
            found.AddRange(page.Where(resource => resource is Client { Disabled: false } or User { Disabled: false }));
            after = last.Id;
        }
    }

    private Task<IReadOnlyList<IRealmResource>> ClientsAsync(PageRange range, CancellationToken cancellationToken) =>
        FindAsync(After(_clients, range).Select(Principal.Client), cancellationToken);

    /// <summary>The first of all sources are among the first of each.</summary>
    private async Task<IReadOnlyList<IRealmResource>> UsersAsync(PageRange range, CancellationToken cancellationToken)
    {
        var users = new SortedDictionary<string, User?>(StringComparer.Ordinal);
        foreach (var groupId in _groups)
        {
            foreach (var user in await _records.MembersAsync(groupId, range, cancellationToken))
            {
                users[user.UserId] = user;
            }
        }

        foreach (var userId in After(_users, range))
        {
            users.TryAdd(userId, null);
        }

        var first = users.Take(range.Limit).ToList();
        var missing = await FindAsync(first.Where(item => item.Value is null).Select(item => Principal.User(item.Key)), cancellationToken);
        return [.. first.Select(item => item.Value).OfType<User>().Concat(missing).OrderBy(user => user.Id, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<IRealmResource>> FindAsync(IEnumerable<Principal> principals, CancellationToken cancellationToken)
    {
        var found = await _records.PrincipalsAsync(principals.ToHashSet(), cancellationToken);
        return [.. found.OrderBy(resource => resource.Id, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> After(List<string> ids, PageRange range) =>
        ids.Where(id => string.CompareOrdinal(id, range.AfterId) > 0).Take(range.Limit);

    private static List<string> Bound(IReadOnlyList<RoleBinding> bindings, MemberType type) =>
        [.. bindings.Where(binding => binding.MemberType == type).Select(binding => binding.MemberId).Distinct().Order(StringComparer.Ordinal)];
}
