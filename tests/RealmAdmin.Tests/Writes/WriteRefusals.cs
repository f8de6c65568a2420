using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.RealmAdmin.V1;

namespace RealmAdmin.Tests.Writes;

/// <summary>Requests on <see cref="AdminCalls.Base"/> that are refused, each with its reason and the fields at fault.</summary>
public static class WriteRefusals
{
    public static TheoryData<string> Names => [.. All.Keys];

    internal static RefusedWrites All { get; } = new()
    {
        { "nothing to make", new CreateRoleRequest(), "INVALID_ARGUMENT", ["role"] },
        { "no id", Role(new()), "INVALID_ARGUMENT", ["role.role_id"] },
        { "a wrong id", Role(new() { RoleId = "a b" }), "INVALID_NAME", ["role.role_id"] },
        { "a NUL in an id", Role(new() { RoleId = "a\0" }), "INVALID_NAME", ["role.role_id"] },
        { "a long id", Role(new() { RoleId = new string('x', 129) }), "TEXT_TOO_LONG", ["role.role_id"] },
        { "a long name", Role(new() { RoleId = "r", DisplayName = new string('x', 201) }), "TEXT_TOO_LONG", ["role.display_name"] },
        { "two lines", Role(new() { RoleId = "r", DisplayName = "a\nb" }), "INVALID_NAME", ["role.display_name"] },
        { "another realm", Role(new() { RoleId = "r", RealmId = "other" }), "CROSS_REALM_REFERENCE", ["role.realm_id"] },
        { "unknown permissions", Role(new() { RoleId = "r", Permissions = { "a.read", "b.read" } }), "DANGLING_REFERENCE", ["role.permissions[1]"] },
        { "a role of another case", Role(new() { RoleId = "r", IncludedRoleIds = { "Reader" } }), "DANGLING_REFERENCE", ["role.included_role_ids[0]"] },
        { "an unknown audience", Role(new() { RoleId = "r", Audience = "https://other.example" }), "DANGLING_REFERENCE", ["role.audience"] },
        { "a role that includes itself", Role(new() { RoleId = "r", IncludedRoleIds = { "r" } }), "CYCLE", ["role.included_role_ids[0]"] },
        {
            "roles in a circle", new UpdateRoleRequest { Role = new() { RoleId = "reader", IncludedRoleIds = { "iam-administrator", "writer" } } },
            "CYCLE", ["role.included_role_ids[1]"]
        },
        { "groups in a circle", new UpdateGroupRequest { Group = new() { GroupId = "staff", ParentGroupIds = { "night" } } }, "CYCLE", ["group.parent_group_ids[0]"] },
        {
            "organizations in a circle", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "acme", ParentOrganizationId = "retail" } },
            "CYCLE", ["organization.parent_organization_id"]
        },
        { "a built-in role", Role(new() { RoleId = "IAM-administrator" }), "INVALID_ARGUMENT", ["role.role_id"] },
        { "a change of a built-in role", new UpdateRoleRequest { Role = new() { RoleId = "iam-administrator" } }, "RESOURCE_NOT_FOUND", [] },
        { "the built-in audience", Server(new() { Audience = "urn:pltfrms:iam" }), "INVALID_ARGUMENT", ["resource_server.audience"] },
        {
            "a reserved permission", Server(new() { Audience = "urn:x", Permissions = { new Permission { Permission_ = "iam.x.y" } } }),
            "INVALID_ARGUMENT", ["resource_server.permissions[0].permission"]
        },
        {
            "a permission of another server", Server(new() { Audience = "urn:x", Permissions = { new Permission { Permission_ = "a.read" } } }),
            "ALREADY_EXISTS", ["resource_server.permissions[0].permission"]
        },
        { "a scope named like a permission", new CreateScopeRequest { Scope = new() { Scope_ = "A.Read" } }, "ALREADY_EXISTS", ["scope.scope"] },
        { "a scope with a space", new CreateScopeRequest { Scope = new() { Scope_ = "a b" } }, "INVALID_NAME", ["scope.scope"] },
        {
            "a text without a title", new CreateScopeRequest { Scope = new() { Scope_ = "s", Texts = { ["en"] = new ScopeText { Description = "D" } } } },
            "INVALID_ARGUMENT", ["scope.texts.en.title"]
        },
        { "no client type", Client(new() { ClientId = "c" }), "INVALID_ARGUMENT", ["client.client_type"] },
        { "an unknown client type", Client(new() { ClientId = "c", ClientType = (ClientType)77 }), "INVALID_ARGUMENT", ["client.client_type"] },
        { "a wildcard", Client(new() { ClientId = "c", ClientType = ClientType.Web, RedirectUris = { "https://*.example/" } }), "INVALID_ARGUMENT", ["client.redirect_uris[0]"] },
        {
            "two faults at once", Client(new() { ClientId = "c", ClientType = ClientType.Web, GrantTypes = { "implicit" }, RedirectUris = { "https://a.example/#x" } }),
            "INVALID_ARGUMENT", ["client.grant_types[0]", "client.redirect_uris[0]"]
        },
        { "a public client that authenticates", Client(new() { ClientId = "c", ClientType = ClientType.Public, GrantTypes = { "client_credentials" } }), "INVALID_ARGUMENT", ["client.grant_types"] },
        { "a service with users", Client(new() { ClientId = "c", ClientType = ClientType.Service, RedirectUris = { "https://a.example/" } }), "INVALID_ARGUMENT", ["client.redirect_uris"] },
        { "a lifetime of fractions", Client(new() { ClientId = "c", ClientType = ClientType.Web, AccessTokenLifetime = new Duration { Nanos = 1 } }), "INVALID_ARGUMENT", ["client.access_token_lifetime"] },
        { "an unknown owner", Client(new() { ClientId = "c", ClientType = ClientType.Web, OwnerOrganizationId = "globex" }), "DANGLING_REFERENCE", ["client.owner_organization_id"] },
        { "a binding of nobody", Binding(new() { RoleId = "reader" }), "INVALID_ARGUMENT", ["role_binding.user_id"] },
        { "a binding of an unknown user", Binding(new() { RoleId = "reader", UserId = "eve" }), "DANGLING_REFERENCE", ["role_binding.user_id"] },
        { "a time that is none", Binding(new() { RoleId = "reader", UserId = "ada", ExpireTime = new Timestamp { Nanos = -1 } }), "INVALID_ARGUMENT", ["role_binding.expire_time"] },
        {
            "an end before its start",
            Binding(new() { RoleId = "reader", UserId = "ada", Conditions = new() { StartTime = new Timestamp { Seconds = 9 }, EndTime = new Timestamp { Seconds = 8 } } }),
            "INVALID_ARGUMENT", ["role_binding.conditions.end_time"]
        },
        { "an unknown acr value", Binding(new() { RoleId = "reader", UserId = "ada", Conditions = new() { MinAcr = "phr" } }), "DANGLING_REFERENCE", ["role_binding.conditions.min_acr"] },
        { "an unknown field", Update(new() { RoleId = "reader" }, "display_name", "name"), "INVALID_ARGUMENT", ["update_mask.paths[1]"] },
        { "a change of the id", Update(new() { RoleId = "reader" }, "role_id"), "INVALID_ARGUMENT", ["update_mask.paths[0]"] },
        { "a change of the etag", Update(new() { RoleId = "reader" }, "etag"), "INVALID_ARGUMENT", ["update_mask.paths[0]"] },
        { "a change of nothing", new UpdateRoleRequest { Role = new() { RoleId = "nobody" } }, "RESOURCE_NOT_FOUND", [] },
        { "an older etag", Update(new() { RoleId = "reader", Etag = "older" }, "display_name"), "ETAG_MISMATCH", ["role.etag"] },
        {
            "a permission in use that goes", new UpdateResourceServerRequest { ResourceServer = new() { Audience = "https://api.example", Permissions = { new Permission { Permission_ = "a.read" } } } },
            "RESOURCE_IN_USE", ["resource_server", "resource_server"]
        },
        { "an included and bound role", new DeleteRoleRequest { RoleId = "reader" }, "RESOURCE_IN_USE", ["role_id", "role_id"] },
        { "an organization with all sorts", new DeleteOrganizationRequest { OrganizationId = "acme" }, "RESOURCE_IN_USE", ["organization_id", "organization_id", "organization_id"] },
        { "a group with a member and a child", new DeleteGroupRequest { GroupId = "staff" }, "RESOURCE_IN_USE", ["group_id", "group_id"] },
        { "a user with a binding", new DeleteUserRequest { UserId = "ada" }, "RESOURCE_IN_USE", ["user_id"] },
        { "the client of a resource server", new DeleteClientRequest { ClientId = "api" }, "RESOURCE_IN_USE", ["client_id"] },
        { "a resource server with permissions in use", new DeleteResourceServerRequest { Audience = "https://api.example" }, "RESOURCE_IN_USE", ["audience", "audience", "audience"] },
        { "a wrong id to delete", new DeleteUserRequest { UserId = "\0" }, "INVALID_NAME", ["user_id"] },
        { "a wrong request id", new DeleteUserRequest { UserId = "ada", RequestId = "a b" }, "INVALID_ARGUMENT", ["request_id"] },
        { "an empty batch", new BatchWriteRequest(), "INVALID_ARGUMENT", ["operations"] },
        { "a batch with nothing in it", new BatchWriteRequest { Operations = { new WriteOperation() } }, "INVALID_ARGUMENT", ["operations[0]"] },
        {
            "a batch for another realm", new BatchWriteRequest { Operations = { new WriteOperation { CreateRole = new() { RealmId = "other", Role = new() { RoleId = "r" } } } } },
            "CROSS_REALM_REFERENCE", ["operations[0].create_role.realm_id"]
        },
        {
            "a batch with a wrong field",
            new BatchWriteRequest
            {
                Operations =
                {
                    new WriteOperation { CreateRole = new() { Role = new() { RoleId = "r" } } },
                    new WriteOperation { CreateUser = new() { User = new() { UserId = "u", GroupIds = { "nobody" } } } },
                },
            },
            "DANGLING_REFERENCE", ["operations[1].create_user.user.group_ids[0]"]
        },
        { "a secret for nobody", new CreateClientSecretRequest { ClientId = "nobody" }, "RESOURCE_NOT_FOUND", [] },
        { "a secret that is over", new CreateClientSecretRequest { ClientId = "api", ExpireTime = new Timestamp { Seconds = 1 } }, "INVALID_ARGUMENT", ["expire_time"] },
        { "a secret's end that is none", new ExpireClientSecretRequest { ClientId = "api", SecretId = "s", ExpireTime = new Timestamp { Nanos = -1 } }, "INVALID_ARGUMENT", ["expire_time"] },
        { "the end of no secret", new ExpireClientSecretRequest { ClientId = "api", SecretId = "s" }, "RESOURCE_NOT_FOUND", [] },
        { "no secret to delete", new DeleteClientSecretRequest { ClientId = "api", SecretId = "s" }, "RESOURCE_NOT_FOUND", [] },
        { "a realm that is not disabled", new DeleteRealmRequest(), "REALM_NOT_DISABLED", [] },
    };

    private static CreateRoleRequest Role(Role role) => new() { Role = role };

    private static CreateClientRequest Client(Client client) => new() { Client = client };

    private static CreateResourceServerRequest Server(ResourceServer server) => new() { ResourceServer = server };

    private static CreateRoleBindingRequest Binding(RoleBinding binding) => new() { RoleBinding = binding };

    private static UpdateRoleRequest Update(Role role, params string[] mask) => new() { Role = role, UpdateMask = new FieldMask { Paths = { mask } } };
}

/// <summary>Refused requests by what is wrong with them.</summary>
internal sealed class RefusedWrites : Dictionary<string, (IMessage Request, string Reason, string[] Fields)>
{
    public void Add(string description, IMessage request, string reason, string[] fields) => Add(description, (request, reason, fields));
}
