using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>One state of a realm, read piece by piece: a question about few of its principals reads what concerns these, however many there are.</summary>
public abstract class RealmRecords
{
    /// <summary>Past so many principals reading all at once is cheaper than finding each.</summary>
    protected const int Few = 500;

    /// <summary>The realm and what is few in every realm: organizations, resource servers, scopes, roles and groups.</summary>
    public abstract Task<IReadOnlyList<IRealmResource>> VocabularyAsync(CancellationToken cancellationToken);

    /// <summary>The users and clients that exist.</summary>
    public abstract Task<IReadOnlyList<IRealmResource>> PrincipalsAsync(IReadOnlySet<Principal> principals, CancellationToken cancellationToken);

    /// <summary>Every client.</summary>
    public abstract Task<IReadOnlyList<Client>> ClientsAsync(CancellationToken cancellationToken);

    /// <summary>Direct members of a group, by id.</summary>
    public abstract Task<IReadOnlyList<User>> MembersAsync(string groupId, PageRange range, CancellationToken cancellationToken);

    /// <summary>The bindings that fit; all for a filter that has nothing set.</summary>
    public abstract Task<IReadOnlyList<RoleBinding>> BindingsAsync(RoleBindingFilter filter, CancellationToken cancellationToken);

    /// <summary>The bindings of some users, clients and groups, and perhaps more.</summary>
    public async Task<IReadOnlyList<RoleBinding>> BindingsOfAsync(
        IReadOnlySet<(MemberType Type, string Id)> members, CancellationToken cancellationToken)
    {
        if (members.Count > Few)
        {
            return await BindingsAsync(new RoleBindingFilter(), cancellationToken);
        }

        List<RoleBinding> bindings = [];
        foreach (var (type, id) in members)
        {
            bindings.AddRange(await BindingsAsync(new() { MemberType = type, MemberId = id }, cancellationToken));
        }

        return bindings;
    }
}
