using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.RealmAdmin.V1;

namespace RealmAdmin.Tests.Delegation;

/// <summary>Writes on <see cref="DelegationRealm"/> by an administrator of acme, and how each ends: a reason, or done.</summary>
public static class OrganizationWrites
{
    public const string Done = "";

    public static TheoryData<string> Names => [.. All.Keys];

    internal static EndingTable All { get; } = new()
    {
        // Users.
        { "a user of one's own", new CreateUserRequest { User = new() { UserId = "new", OrganizationIds = { "acme", "retail" } } }, Done },
        { "a user of another's", new CreateUserRequest { User = new() { UserId = "new", OrganizationIds = { "globex" } } }, "DANGLING_REFERENCE" },
        { "a user of nobody's", new CreateUserRequest { User = new() { UserId = "new" } }, "PERMISSION_DENIED" },
        { "one's own user named", User(new() { UserId = "ada", DisplayName = "Ada" }, "display_name"), Done },
        { "one's own user disabled", User(new() { UserId = "rita", Disabled = true }, "disabled"), Done },
        { "one's own user below", User(new() { UserId = "ada", OrganizationIds = { "acme", "retail" } }, "organization_ids"), Done },
        { "one's own user removed", new DeleteUserRequest { UserId = "rita" }, Done },
        { "one's own user removed with bindings of one's own", new DeleteUserRequest { UserId = "ada", Cascade = true }, Done },
        { "another's user", User(new() { UserId = "gil", DisplayName = "Gil" }, "display_name"), "RESOURCE_NOT_FOUND" },
        { "another's user removed", new DeleteUserRequest { UserId = "gil", Cascade = true }, "RESOURCE_NOT_FOUND" },
        { "a user of nobody's taken in", User(new() { UserId = "nobody", OrganizationIds = { "acme" } }, "organization_ids"), "RESOURCE_NOT_FOUND" },
        { "a shared user named", User(new() { UserId = "both", DisplayName = "B" }, "display_name"), "PERMISSION_DENIED" },
        { "a shared user disabled", User(new() { UserId = "both", Disabled = true }, "disabled"), "PERMISSION_DENIED" },
        { "a shared user's login", User(new() { UserId = "both", ExternalIdentities = { new ExternalIdentity { Issuer = "https://idp.example", Subject = "x" } } }, "external_identities"), "PERMISSION_DENIED" },
        { "a shared user removed", new DeleteUserRequest { UserId = "both", Cascade = true }, "PERMISSION_DENIED" },
        { "a shared user let go", User(new() { UserId = "both" }, "organization_ids", "group_ids"), Done },
        { "a shared user below", User(new() { UserId = "both", OrganizationIds = { "acme", "retail" } }, "organization_ids"), Done },
        { "a shared user in a group of another's", User(new() { UserId = "both", GroupIds = { "readers" } }, "group_ids"), "DANGLING_REFERENCE" },
        { "a user moved to another's", User(new() { UserId = "ada", OrganizationIds = { "acme", "globex" } }, "organization_ids"), "DANGLING_REFERENCE" },
        { "an id that another has", new CreateUserRequest { User = new() { UserId = "gil", OrganizationIds = { "acme" } } }, "ALREADY_EXISTS" },

        // Groups.
        { "a group of one's own", new CreateGroupRequest { Group = new() { GroupId = "new", OwnerOrganizationId = "retail", ParentGroupIds = { "acme-staff" } } }, Done },
        { "a group of the realm's", new CreateGroupRequest { Group = new() { GroupId = "new" } }, "PERMISSION_DENIED" },
        { "a group given to the realm", new UpdateGroupRequest { Group = new() { GroupId = "acme-staff" }, UpdateMask = Mask("owner_organization_id") }, "PERMISSION_DENIED" },
        { "a group taken from the realm", new UpdateGroupRequest { Group = new() { GroupId = "staff", OwnerOrganizationId = "acme" } }, "RESOURCE_NOT_FOUND" },
        { "a group nested in the realm's", new UpdateGroupRequest { Group = new() { GroupId = "acme-staff", ParentGroupIds = { "staff" } }, UpdateMask = Mask("parent_group_ids") }, "DANGLING_REFERENCE" },
        { "a group with a shared member removed", new DeleteGroupRequest { GroupId = "acme-staff", Cascade = true }, Done },

        // Clients.
        { "a client of one's own", new CreateClientRequest { Client = new() { ClientId = "new", ClientType = ClientType.Web, Scopes = { "a.read" }, OwnerOrganizationId = "acme" } }, Done },
        { "a client of the realm's", new CreateClientRequest { Client = new() { ClientId = "new", ClientType = ClientType.Web, Scopes = { "a.read" } } }, "PERMISSION_DENIED" },
        { "a trusted client of one's own", new CreateClientRequest { Client = new() { ClientId = "new", ClientType = ClientType.Web, Scopes = { "a.read" }, OwnerOrganizationId = "acme", ConsentPolicy = ConsentPolicy.Trusted } }, "GRANT_EXCEEDS_OWN" },
        { "a secret for one's own client", new CreateClientSecretRequest { ClientId = "shop" }, Done },
        { "a secret for the realm's client", new CreateClientSecretRequest { ClientId = "plain" }, "RESOURCE_NOT_FOUND" },
        { "a secret of the realm's client removed", new DeleteClientSecretRequest { ClientId = "strong", SecretId = "old" }, "RESOURCE_NOT_FOUND" },
        { "another's client removed", new DeleteClientRequest { ClientId = "lab-tool" }, "RESOURCE_NOT_FOUND" },

        // Delegations.
        { "to act in one's own", Let(new() { DelegatorId = "rita", DelegateClientId = "shop", Scopes = { "a.read" }, OrganizationId = "retail" }), Done },
        { "to act for a shared user", Let(new() { DelegatorId = "both", DelegateUserId = "ada", Scopes = { "a.read" }, OrganizationId = "acme" }), Done },
        { "to act in the realm", Let(new() { DelegatorId = "rita", DelegateClientId = "shop", Scopes = { "a.read" } }), "PERMISSION_DENIED" },
        { "to act in another's", Let(new() { DelegatorId = "rita", DelegateClientId = "shop", Scopes = { "a.read" }, OrganizationId = "globex" }), "DANGLING_REFERENCE" },
        { "to act for another's user", Let(new() { DelegatorId = "gil", DelegateClientId = "shop", Scopes = { "a.read" }, OrganizationId = "acme" }), "DANGLING_REFERENCE" },
        { "to act through the realm's client", Let(new() { DelegatorId = "rita", DelegateClientId = "plain", Scopes = { "a.read" }, OrganizationId = "acme" }), "DANGLING_REFERENCE" },
        { "to act in more than one has", Let(new() { DelegatorId = "rita", DelegateClientId = "shop", Scopes = { "a.write" }, OrganizationId = "acme" }), "GRANT_EXCEEDS_OWN" },
        { "a delegation of one's own ended", new DeleteDelegationRequest { DelegationId = "ada-away" }, Done },
        { "a delegation of another's ended", new DeleteDelegationRequest { DelegationId = "gil-away" }, "RESOURCE_NOT_FOUND" },
        { "a delegation of the realm's ended", new DeleteDelegationRequest { DelegationId = "ada-everywhere" }, "RESOURCE_NOT_FOUND" },

        // Role bindings.
        { "a role in one's own", Bind(new() { UserId = "rita", RoleId = "reader", OrganizationId = "retail" }), Done },
        { "a role for a shared user", Bind(new() { UserId = "both", RoleId = "reader", OrganizationId = "acme" }), Done },
        { "a role to administer", Bind(new() { UserId = "ada", RoleId = "clerk", OrganizationId = "acme" }), Done },
        { "a role in the realm", Bind(new() { UserId = "ada", RoleId = "reader" }), "PERMISSION_DENIED" },
        { "a role in another's", Bind(new() { UserId = "ada", RoleId = "reader", OrganizationId = "globex" }), "DANGLING_REFERENCE" },
        { "a role for another's user", Bind(new() { UserId = "gil", RoleId = "reader", OrganizationId = "acme" }), "DANGLING_REFERENCE" },
        { "a role for the realm's client", Bind(new() { ClientId = "plain", RoleId = "reader", OrganizationId = "acme" }), "DANGLING_REFERENCE" },
        { "a role for the realm's group", Bind(new() { GroupId = "readers", RoleId = "reader", OrganizationId = "acme" }), "DANGLING_REFERENCE" },
        { "a role that one has not", Bind(new() { UserId = "ada", RoleId = "writer", OrganizationId = "acme" }), "GRANT_EXCEEDS_OWN" },
        { "a binding made the realm's", new UpdateRoleBindingRequest { RoleBinding = new() { RoleBindingId = "ada-reader" }, UpdateMask = Mask("organization_id") }, "PERMISSION_DENIED" },
        { "a binding in one's own of another's making", new DeleteRoleBindingRequest { RoleBindingId = "mallory-writer" }, Done },
        { "a binding in the realm", new DeleteRoleBindingRequest { RoleBindingId = "mallory-reader" }, "RESOURCE_NOT_FOUND" },
        { "a binding in another's", new DeleteRoleBindingRequest { RoleBindingId = "globex-keeper" }, "RESOURCE_NOT_FOUND" },

        // Organizations.
        { "an organization below", new CreateOrganizationRequest { Organization = new() { OrganizationId = "new", ParentOrganizationId = "retail" } }, Done },
        { "an organization at the top", new CreateOrganizationRequest { Organization = new() { OrganizationId = "new" } }, "PERMISSION_DENIED" },
        { "an organization below another's", new CreateOrganizationRequest { Organization = new() { OrganizationId = "new", ParentOrganizationId = "globex" } }, "DANGLING_REFERENCE" },
        { "the organization below named", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "retail", DisplayName = "R" }, UpdateMask = Mask("display_name") }, Done },
        { "one's own organization", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "acme", DisplayName = "A" }, UpdateMask = Mask("display_name") }, "PERMISSION_DENIED" },
        { "one's own organization removed", new DeleteOrganizationRequest { OrganizationId = "acme", Cascade = true }, "PERMISSION_DENIED" },
        { "the organization below freed", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "retail" }, UpdateMask = Mask("parent_organization_id") }, "PERMISSION_DENIED" },
        { "the organization below moved to another's", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "retail", ParentOrganizationId = "globex" }, UpdateMask = Mask("parent_organization_id") }, "DANGLING_REFERENCE" },
        { "another's organization taken in", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "lab", ParentOrganizationId = "acme" } }, "RESOURCE_NOT_FOUND" },
        { "a disabled organization below enabled", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "outlet" }, UpdateMask = Mask("disabled") }, "GRANT_EXCEEDS_OWN" },
        { "the organization below removed with all in it", new DeleteOrganizationRequest { OrganizationId = "retail", Cascade = true }, Done },

        // The realm's own.
        { "a role", new CreateRoleRequest { Role = new() { RoleId = "new" } }, "PERMISSION_DENIED" },
        { "a scope", new CreateScopeRequest { Scope = new() { Scope_ = "new" } }, "PERMISSION_DENIED" },
        { "a resource server", new CreateResourceServerRequest { ResourceServer = new() { Audience = "urn:new" } }, "PERMISSION_DENIED" },
        { "the realm", new UpdateRealmRequest { Realm = new() { DisplayName = "Mine" } }, "PERMISSION_DENIED" },
        { "a document", new ImportRealmRequest { Document = "realm_id: x" }, "PERMISSION_DENIED" },
        { "an export", new ExportRealmRequest(), "PERMISSION_DENIED" },

        // In a batch.
        {
            "one's own and the realm's in a batch", new BatchWriteRequest
            {
                Operations =
                {
                    new WriteOperation { CreateUser = new() { User = new() { UserId = "new", OrganizationIds = { "acme" } } } },
                    new WriteOperation { CreateRole = new() { Role = new() { RoleId = "new" } } },
                },
            },
            "PERMISSION_DENIED"
        },
        {
            "a user who was another's, made again", new BatchWriteRequest
            {
                Operations =
                {
                    new WriteOperation { DeleteUser = new() { UserId = "rita" } },
                    new WriteOperation { CreateUser = new() { User = new() { UserId = "gone", OrganizationIds = { "acme" } } } },
                },
            },
            "ALREADY_EXISTS"
        },
        { "an organization that was another's, made again", new CreateOrganizationRequest { Organization = new() { OrganizationId = "gone", ParentOrganizationId = "acme" } }, "ALREADY_EXISTS" },
        { "a client that was another's, made again", new CreateClientRequest { Client = new() { ClientId = "gone", ClientType = ClientType.Web, OwnerOrganizationId = "acme" } }, "ALREADY_EXISTS" },
    };

    private static CreateDelegationRequest Let(Pltfrms.Iam.RealmAdmin.V1.Delegation delegation) => new() { Delegation = delegation };

    private static FieldMask Mask(params string[] paths) => new() { Paths = { paths } };

    private static UpdateUserRequest User(User user, params string[] paths) => new() { User = user, UpdateMask = Mask(paths) };

    private static CreateRoleBindingRequest Bind(RoleBinding binding) => new() { RoleBinding = binding };
}

/// <summary>Writes by what they write, each with how it ends.</summary>
internal sealed class EndingTable : Dictionary<string, (IMessage Request, string Ending)>
{
    public void Add(string description, IMessage request, string ending) => Add(description, (request, ending));
}
