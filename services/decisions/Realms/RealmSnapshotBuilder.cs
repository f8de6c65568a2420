using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>Collects a whole realm, resource by resource, for <see cref="RealmSnapshot"/>; of several states of a resource the last counts.</summary>
public sealed class RealmSnapshotBuilder
{
    private readonly SharedTexts _texts = new();

    internal RealmChanges Vocabulary { get; } = new([], []);

    internal PagedTableBuilder<string, Client, ById<Client>> Clients { get; } = new();

    internal PagedTableBuilder<string, User, ById<User>> Users { get; } = new();

    internal PagedTableBuilder<string, Group, ById<Group>> Groups { get; } = new();

    internal PagedTableBuilder<string, Organization, ById<Organization>> Organizations { get; } = new();

    internal PagedTableBuilder<string, DelegationRecord, ById<DelegationRecord>> Delegations { get; } = new();

    internal RoleBindingTableBuilder RoleBindings { get; } = new();

    public void Add(IRealmResource resource)
    {
        switch (_texts.Share(resource))
        {
            case RoleBinding binding: RoleBindings.Add(binding); break;
            case DelegationRecord delegation: Delegations.Add(delegation); break;
            case User user: Users.Add(user); break;
            case Group group: Groups.Add(group); break;
            case Organization organization: Organizations.Add(organization); break;
            case Client client: Clients.Add(client); break;
            default: Vocabulary.Upsert(resource); break;
        }
    }

    /// <exception cref="InvalidDataException">The realm itself is not among the resources.</exception>
    public RealmSnapshot Build(long revision) => new(revision, this);
}
