using Google.Protobuf;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Documents.Sections;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>What the writes of one kind of resource differ in.</summary>
internal sealed record ResourceForm
{
    // Before the forms, which are made of it.
    private static readonly string[] OutputOnly = ["realm_id", "etag", "secrets", "revision", "create_time", "created_by", "self_granted"];

    private static readonly IReadOnlyDictionary<ResourceKind, ResourceForm> ByKind = new ResourceForm[]
    {
        new(ResourceKind.Realm, "realm_id", Rules.RealmId, r => ((Realm)r).ToWire(), (f, _, references, _) => RealmSection.Read(f, references)),
        new(ResourceKind.Client, "client_id", Rules.Id, r => ((Client)r).ToWire(), (f, realm, references, _) => ClientSection.Client(f, realm, references)?.Client),
        new(ResourceKind.ResourceServer, "audience", Rules.Audience, r => ((ResourceServer)r).ToWire(), (f, realm, references, _) => ResourceServerSection.Server(f, realm, references)),
        new(ResourceKind.Scope, "scope", Rules.ScopeName, r => ((Scope)r).ToWire(), (f, realm, references, _) => ScopeSection.Scope(f, realm, references)),
        new(ResourceKind.Role, "role_id", Rules.Id, r => ((Role)r).ToWire(), RoleSection.Role),
        new(ResourceKind.Group, "group_id", Rules.Id, r => ((Group)r).ToWire(), GroupSection.Group),
        new(ResourceKind.Organization, "organization_id", Rules.Id, r => ((Organization)r).ToWire(), OrganizationSection.Organization),
        new(ResourceKind.User, "user_id", Rules.UserId, r => ((User)r).ToWire(), (f, realm, references, _) => UserSection.User(f, realm, references, [])),
        new(ResourceKind.RoleBinding, "role_binding_id", Rules.Id, r => ((RoleBinding)r).ToWire(), (f, realm, references, _) => RoleBindingSection.Binding(f, realm, references)),
        new(ResourceKind.Delegation, "delegation_id", Rules.Id, r => ((DelegationRecord)r).ToWire(), (f, realm, references, _) => DelegationSection.Delegation(f, realm, references)),
    }.ToDictionary(form => form.Kind);

    private ResourceForm(ResourceKind kind, string idField, TextRule idRule, Func<IRealmResource, IMessage> toWire, ReadFields read) =>
        (Kind, IdField, IdRule, ToWire, Read, NotRead) = (kind, idField, idRule, toWire, read, OutputOnly.Where(name => name != idField).ToHashSet());

    public delegate IRealmResource? ReadFields(Fields fields, string realmId, References references, List<Cycles.Edge> edges);

    public ResourceKind Kind { get; }

    /// <summary>The field of its id, which never changes.</summary>
    public string IdField { get; }

    public TextRule IdRule { get; }

    public Func<IRealmResource, IMessage> ToWire { get; }

    public ReadFields Read { get; }

    /// <summary>Fields that are the server's.</summary>
    public IReadOnlySet<string> NotRead { get; }

    public static ResourceForm Of(ResourceKind kind) => ByKind[kind];

    /// <summary>The field of a request that holds the resource.</summary>
    public string Field => Kind.ToName();

    public string IdOf(IMessage resource) => (string)resource.Descriptor.FindFieldByName(IdField).Accessor.GetValue(resource);
}
