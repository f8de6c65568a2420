using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>A realm that was read as a whole already.</summary>
public sealed class ReadRecords : RealmRecords
{
    private readonly List<IRealmResource> _vocabulary = [];
    private readonly Dictionary<Principal, IRealmResource> _principals = [];
    private readonly List<RoleBinding> _bindings = [];
    private readonly ILookup<string, User> _members;
    private readonly ILookup<(MemberType? Type, string? Id), RoleBinding> _byMember;

    /// <param name="resources">The realm and everything in it.</param>
    public ReadRecords(IReadOnlyList<IRealmResource> resources)
    {
        foreach (var resource in resources)
        {
            switch (resource)
            {
                case User user: _principals.Add(Principal.User(user.UserId), user); break;
                case Client client: _principals.Add(Principal.Client(client.ClientId), client); break;
                case RoleBinding binding: _bindings.Add(binding); break;
                default: _vocabulary.Add(resource); break;
            }
        }

        _members = resources.OfType<User>()
            .SelectMany(user => user.GroupIds.Select(groupId => (groupId, user)))
            .ToLookup(member => member.groupId, member => member.user, StringComparer.Ordinal);
        _byMember = _bindings.ToLookup(binding => ((MemberType?)binding.MemberType, (string?)binding.MemberId));
    }

    public override Task<IReadOnlyList<IRealmResource>> VocabularyAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IRealmResource>>(_vocabulary);

    public override Task<IReadOnlyList<IRealmResource>> PrincipalsAsync(
        IReadOnlySet<Principal> principals, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IRealmResource>>([.. principals.Select(_principals.GetValueOrDefault).OfType<IRealmResource>()]);

    public override Task<IReadOnlyList<Client>> ClientsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Client>>([.. _principals.Values.OfType<Client>()]);

    public override Task<IReadOnlyList<User>> MembersAsync(string groupId, PageRange range, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<User>>(
        [
            .. _members[groupId]
                .Where(user => string.CompareOrdinal(user.UserId, range.AfterId) > 0)
                .OrderBy(user => user.UserId, StringComparer.Ordinal)
                .Take(range.Limit),
        ]);

    public override Task<IReadOnlyList<RoleBinding>> BindingsAsync(RoleBindingFilter filter, CancellationToken cancellationToken)
    {
        var candidates = filter.MemberType is null ? _bindings : _byMember[(filter.MemberType, filter.MemberId)];
        return Task.FromResult<IReadOnlyList<RoleBinding>>(
        [
            .. candidates.Where(binding =>
                (filter.RoleId is null || binding.RoleId == filter.RoleId)
                && (filter.OrganizationId is null || binding.OrganizationId == filter.OrganizationId)),
        ]);
    }
}
