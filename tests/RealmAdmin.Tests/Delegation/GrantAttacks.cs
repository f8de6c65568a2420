using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;

namespace RealmAdmin.Tests.Delegation;

/// <summary>Writes on <see cref="DelegationRealm"/> by which somebody would come to more than they hold, and the first permission that stops each.</summary>
public static class GrantAttacks
{
    private static readonly Timestamp Later = new() { Seconds = 4_000_000_000 };

    public static TheoryData<string> Names => [.. All.Keys];

    internal static AttackTable All { get; } = new()
    {
        // Role bindings.
        { "a role that the giver lacks", Bind(new() { UserId = "mallory", RoleId = "secret-keeper" }), "b.read" },
        { "a role to somebody else, or to a friend", Bind(new() { UserId = "nobody", RoleId = "secret-keeper" }), "b.read" },
        { "the built-in administrator", Bind(new() { UserId = "mallory", RoleId = "iam-administrator" }), "iam.audit.read" },
        { "a right of one organization in the realm", Bind(new() { UserId = "mallory", RoleId = "writer" }), "a.write" },
        { "a right of one organization in another", Bind(new() { UserId = "mallory", RoleId = "writer", OrganizationId = "globex" }), "a.write" },
        { "a role through a group of one's own", Bind(new() { GroupId = "staff", RoleId = "secret-keeper" }), "b.read" },
        { "a role to a client", Bind(new() { ClientId = "plain", RoleId = "secret-keeper" }), "b.read" },
        { "what somebody has once more, to outlast the first", Bind(new() { UserId = "boss", RoleId = "secret-keeper", OrganizationId = "acme" }), "b.read" },
        { "another role in a binding", Change(new() { RoleBindingId = "mallory-reader", UserId = "mallory", RoleId = "secret-keeper" }), "b.read" },
        { "another role, by a mask", Change(new() { RoleBindingId = "mallory-reader", RoleId = "secret-keeper" }, "role_id"), "b.read" },
        { "somebody else in a binding", Change(new() { RoleBindingId = "boss-keeper", UserId = "mallory" }, "user_id"), "b.read" },
        { "a binding for another organization", Change(new() { RoleBindingId = "lab-keeper", OrganizationId = "retail" }, "organization_id"), "b.read" },
        { "a binding for the organization above", Change(new() { RoleBindingId = "lab-keeper", OrganizationId = "globex" }, "organization_id"), "b.read" },
        { "a binding for the whole realm", Change(new() { RoleBindingId = "globex-keeper" }, "organization_id"), "b.read" },
        { "a binding without its end", Change(new() { RoleBindingId = "ada-limited" }, "expire_time"), "b.read" },
        { "a binding with a later end", Change(new() { RoleBindingId = "ada-limited", ExpireTime = Later }, "expire_time"), "b.read" },
        { "a binding without its conditions", Change(new() { RoleBindingId = "ada-limited" }, "conditions"), "b.read" },
        {
            "a binding for a weaker login",
            Change(new() { RoleBindingId = "ada-limited", Conditions = new() { MinAcr = "pwd", SourceNetworks = { "10.0.0.0/8" } } }, "conditions"), "b.read"
        },
        {
            "a binding for a wider network",
            Change(new() { RoleBindingId = "ada-limited", Conditions = new() { MinAcr = "mfa", SourceNetworks = { "10.0.0.0/7" } } }, "conditions"), "b.read"
        },
        {
            "a binding for one more network",
            Change(new() { RoleBindingId = "ada-limited", Conditions = new() { MinAcr = "mfa", SourceNetworks = { "10.0.0.0/8", "::/0" } } }, "conditions"), "b.read"
        },

        // What is held on terms is given on no better ones.
        { "a role for weaker logins than the giver's", Bind(new() { UserId = "nobody", RoleId = "reader" }), "a.read", DelegationRealm.User("guarded", acr: "mfa") },
        { "a role that the giver's login is too weak for", Bind(new() { UserId = "nobody", RoleId = "reader", Conditions = new() { MinAcr = "mfa" } }), "a.read", DelegationRealm.User("guarded", acr: "pwd") },
        { "a role for longer than the giver has it", Bind(new() { UserId = "nobody", RoleId = "reader" }), "a.read", DelegationRealm.User("hurried") },
        { "a role until later than the giver has it", Bind(new() { UserId = "nobody", RoleId = "reader", ExpireTime = new Timestamp { Seconds = 4_102_444_801 } }), "a.read", DelegationRealm.User("hurried") },
        { "a role that the giver's token does not cover", Bind(new() { UserId = "nobody", RoleId = "reader" }), "a.read", DelegationRealm.User("mallory", DelegationRealm.Writes) },
        { "a role that a bundled scope does not cover", Bind(new() { UserId = "nobody", RoleId = "reader" }), "a.read", DelegationRealm.User("mallory", $"{DelegationRealm.Writes} writing") },

        // Delegations.
        { "to act in what the giver lacks", Let(new() { DelegatorId = "boss", DelegateClientId = "plain", Scopes = { "b.read" } }), "b.read" },
        { "to act for somebody who has nothing yet", Let(new() { DelegatorId = "nobody", DelegateClientId = "plain", Scopes = { "a.read", "b.read" } }), "b.read" },
        { "to act oneself for somebody with more", Let(new() { DelegatorId = "boss", DelegateUserId = "mallory", Scopes = { "b.read" } }), "b.read" },
        { "to act everywhere in what is held in one organization", Let(new() { DelegatorId = "mallory", DelegateClientId = "plain", Scopes = { "writing" } }), "a.write" },
        { "to act elsewhere in what is held in one organization", Let(new() { DelegatorId = "mallory", DelegateClientId = "plain", Scopes = { "writing" }, OrganizationId = "globex" }), "a.write" },
        { "to act for longer than the giver may", Let(new() { DelegatorId = "boss", DelegateClientId = "plain", Scopes = { "a.read" } }), "a.read", DelegationRealm.User("hurried") },
        { "more in a delegation", Extend(new() { Scopes = { "b.read", "a.write" } }, "scopes"), "a.write" },
        { "a delegation for the whole realm", Extend(new(), "organization_id"), "b.read" },
        { "a delegation without its end", Extend(new(), "expire_time"), "b.read" },
        { "a deeper delegation", Extend(new() { MaxDepth = 2 }, "max_depth"), "b.read" },
        { "a delegation to somebody else", Extend(new() { DelegateUserId = "mallory" }, "delegate_user_id", "delegate_client_id"), "b.read" },
        { "a delegation of somebody else", Extend(new() { DelegatorId = "keeper" }, "delegator_id"), "b.read" },

        // Roles and scopes.
        { "a permission in a role of one's own", new UpdateRoleRequest { Role = new() { RoleId = "reader", Permissions = { "a.read", "b.read" } } }, "b.read" },
        { "a permission in a role, by a mask", new UpdateRoleRequest { Role = new() { RoleId = "clerk", Permissions = { "iam.realms.write" } }, UpdateMask = Mask("permissions") }, "iam.realms.write" },
        { "a role in a role of one's own", new UpdateRoleRequest { Role = new() { RoleId = "reader", IncludedRoleIds = { "secret-keeper" } }, UpdateMask = Mask("included_role_ids") }, "b.read" },
        { "a right of one organization in a role", new UpdateRoleRequest { Role = new() { RoleId = "reader", Permissions = { "a.write" } }, UpdateMask = Mask("permissions") }, "a.write" },
        { "a role of new permissions", new CreateRoleRequest { Role = new() { RoleId = "mine", Permissions = { "b.read" } } }, "b.read" },
        { "a role that includes the built-in one", new CreateRoleRequest { Role = new() { RoleId = "mine", IncludedRoleIds = { "iam-administrator" } } }, "iam.audit.read" },
        { "a permission in a scope", new UpdateScopeRequest { Scope = new() { Scope_ = "reading", Permissions = { "a.read", "b.read" } } }, "b.read" },
        { "a scope of new permissions", new CreateScopeRequest { Scope = new() { Scope_ = "all", Permissions = { "a.read", "a.write" } } }, "a.write" },

        // Groups.
        { "a group in one with more", new UpdateGroupRequest { Group = new() { GroupId = "staff", ParentGroupIds = { "keepers" } } }, "b.read" },
        { "a group in one that is in one with more", new UpdateGroupRequest { Group = new() { GroupId = "staff", ParentGroupIds = { "night" } }, UpdateMask = Mask("parent_group_ids") }, "b.read" },
        { "a new group in one with more", new CreateGroupRequest { Group = new() { GroupId = "mine", ParentGroupIds = { "night" } } }, "b.read" },

        // Users.
        { "a group with more", new UpdateUserRequest { User = new() { UserId = "mallory", GroupIds = { "keepers" } } }, "b.read" },
        { "a group in one with more, by a mask", new UpdateUserRequest { User = new() { UserId = "mallory", GroupIds = { "staff", "night" } }, UpdateMask = Mask("group_ids") }, "b.read" },
        { "a new user in a group with more", new CreateUserRequest { User = new() { UserId = "mine", GroupIds = { "night" } } }, "b.read" },
        { "one's own login for somebody with more", new UpdateUserRequest { User = new() { UserId = "boss", ExternalIdentities = { Mine } }, UpdateMask = Mask("external_identities") }, "b.read" },
        { "one's own login for a member of a group with more", new UpdateUserRequest { User = new() { UserId = "keeper", Disabled = true, ExternalIdentities = { Mine } }, UpdateMask = Mask("external_identities") }, "b.read" },
        { "a disabled user with more, enabled", new UpdateUserRequest { User = new() { UserId = "keeper" }, UpdateMask = Mask("disabled") }, "b.read" },

        // Clients.
        { "a secret for a client with more", new CreateClientSecretRequest { ClientId = "strong" }, "b.read" },
        { "a secret for a client with every right", new CreateClientSecretRequest { ClientId = "root" }, "iam.audit.read" },
        { "an old secret of a client with more, revived", new ExpireClientSecretRequest { ClientId = "strong", SecretId = "old" }, "b.read" },
        { "a disabled client with more, enabled", Client(new() { ClientId = "strong" }, "disabled"), "b.read" },
        { "an address for a client with more", Client(new() { ClientId = "strong", RedirectUris = { "https://mallory.example/" } }, "redirect_uris"), "b.read" },
        { "a grant type for a client with more", Client(new() { ClientId = "strong", GrantTypes = { "refresh_token" } }, "grant_types"), "b.read" },
        { "a client with more made public", Client(new() { ClientId = "strong", ClientType = ClientType.External }, "client_type"), "b.read" },
        { "a client with more made trusted", Client(new() { ClientId = "strong", ConsentPolicy = ConsentPolicy.Trusted }, "consent_policy"), "b.read" },
        { "a client with more made another organization's", Client(new() { ClientId = "strong", OwnerOrganizationId = "acme" }, "owner_organization_id"), "b.read" },
        { "longer tokens for a client with more", Client(new() { ClientId = "strong", AccessTokenLifetime = new Duration { Seconds = 86400 } }, "access_token_lifetime"), "b.read" },
        { "a scope with more for a client", Client(new() { ClientId = "plain", Scopes = { "a.read", "b.read" } }, "scopes"), "b.read" },
        { "a bundled scope with more for a client", Client(new() { ClientId = "plain", Scopes = { "writing" } }, "scopes"), "a.write" },
        { "a new client with more", new CreateClientRequest { Client = new() { ClientId = "mine", ClientType = ClientType.Web, Scopes = { "b.read" } } }, "b.read" },
        {
            "a trusted client of one organization", new CreateClientRequest
            {
                Client = new() { ClientId = "mine", ClientType = ClientType.Web, Scopes = { "a.write" }, OwnerOrganizationId = "acme", ConsentPolicy = ConsentPolicy.Trusted },
            },
            "a.write"
        },

        // Organizations.
        { "an organization moved to where one has less", Move("retail", "globex"), "b.read" },
        { "an organization enabled", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "outlet" }, UpdateMask = Mask("disabled") }, "iam.realms.write" },

        // In a batch, whatever the order.
        {
            "a role of one's own making, in a batch", Batch(
                new() { CreateRole = new() { Role = new() { RoleId = "mine" } } },
                new() { CreateRoleBinding = new() { RoleBinding = new() { UserId = "mallory", RoleId = "mine" } } },
                new() { UpdateRole = new() { Role = new() { RoleId = "mine", Permissions = { "b.read" } } } }),
            "b.read"
        },
        {
            "a group of one's own making, in a batch", Batch(
                new() { CreateGroup = new() { Group = new() { GroupId = "mine" } } },
                new() { UpdateUser = new() { User = new() { UserId = "mallory", GroupIds = { "mine" } }, UpdateMask = Mask("group_ids") } },
                new() { CreateRoleBinding = new() { RoleBinding = new() { GroupId = "mine", RoleId = "secret-keeper" } } }),
            "b.read"
        },
        {
            "a group nested upwards one by one, in a batch", Batch(
                new() { CreateGroup = new() { Group = new() { GroupId = "mine" } } },
                new() { UpdateGroup = new() { Group = new() { GroupId = "staff", ParentGroupIds = { "mine" } } } },
                new() { UpdateGroup = new() { Group = new() { GroupId = "mine", ParentGroupIds = { "night" } } } }),
            "b.read"
        },
        {
            "a user made again with the rights of the old one, in a batch", Batch(
                new() { DeleteUser = new() { UserId = "boss", Cascade = true } },
                new() { CreateUser = new() { User = new() { UserId = "boss", ExternalIdentities = { Mine } } } },
                new() { CreateRoleBinding = new() { RoleBinding = new() { UserId = "boss", RoleId = "secret-keeper" } } }),
            "b.read"
        },
        {
            "a client made again with the scopes of the old one, in a batch", Batch(
                new() { DeleteClient = new() { ClientId = "root", Cascade = true } },
                new() { CreateClient = new() { Client = new() { ClientId = "root", ClientType = ClientType.Web, Scopes = { "b.read" } } } }),
            "b.read"
        },
        {
            "a role that the giver lacks among many that are written together", Batch(
                new() { CreateRoleBinding = new() { RoleBinding = new() { UserId = "mallory", RoleId = "reader", OrganizationId = "acme" } } },
                new() { CreateRoleBinding = new() { RoleBinding = new() { UserId = "nobody", RoleId = "reader", OrganizationId = "acme" } } },
                new() { CreateRoleBinding = new() { RoleBinding = new() { UserId = "mallory", RoleId = "secret-keeper" } } }),
            "b.read"
        },
        {
            "a right that is won first and given then, in a batch", Batch(
                new() { CreateRoleBinding = new() { RoleBinding = new() { UserId = "mallory", RoleId = "reader" } } },
                new() { UpdateOrganization = new() { Organization = new() { OrganizationId = "globex", ParentOrganizationId = "acme" } } },
                new() { CreateRoleBinding = new() { RoleBinding = new() { UserId = "nobody", RoleId = "writer", OrganizationId = "globex" } } }),
            "b.read"
        },
    };

    private static ExternalIdentity Mine => new() { Issuer = "https://idp.example", Subject = "mallory" };

    private static FieldMask Mask(params string[] paths) => new() { Paths = { paths } };

    private static CreateRoleBindingRequest Bind(RoleBinding binding) => new() { RoleBinding = binding };

    private static CreateDelegationRequest Let(Pltfrms.Iam.RealmAdmin.V1.Delegation delegation) => new() { Delegation = delegation };

    private static UpdateDelegationRequest Extend(Pltfrms.Iam.RealmAdmin.V1.Delegation delegation, params string[] paths)
    {
        delegation.DelegationId = "boss-away";
        return new() { Delegation = delegation, UpdateMask = Mask(paths) };
    }

    private static UpdateRoleBindingRequest Change(RoleBinding binding, params string[] paths) => new() { RoleBinding = binding, UpdateMask = Mask(paths) };

    private static UpdateClientRequest Client(Client client, params string[] paths) => new() { Client = client, UpdateMask = Mask(paths) };

    private static UpdateOrganizationRequest Move(string organizationId, string parentId) => new()
    {
        Organization = new() { OrganizationId = organizationId, ParentOrganizationId = parentId },
        UpdateMask = Mask("parent_organization_id"),
    };

    private static BatchWriteRequest Batch(params WriteOperation[] operations) => new() { Operations = { operations } };
}

/// <summary>Attacks by what they try; where nobody is named, by Mallory with a token for everything.</summary>
internal sealed class AttackTable : Dictionary<string, (IMessage Request, string Permission, Metadata Caller)>
{
    public void Add(string description, IMessage request, string permission) => Add(description, request, permission, DelegationRealm.User("mallory"));

    public void Add(string description, IMessage request, string permission, Metadata caller) => Add(description, (request, permission, caller));
}
