using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;

namespace RealmAdmin.Tests.Delegation;

/// <summary>Writes on <see cref="DelegationRealm"/> that come close to an attack and are none.</summary>
public static class AllowedGrants
{
    public static TheoryData<string> Names => [.. All.Keys];

    internal static GrantTable All { get; } = new()
    {
        { "a role that the giver has", new CreateRoleBindingRequest { RoleBinding = new() { UserId = "nobody", RoleId = "reader" } } },
        { "a role where the giver has it", Bind(new() { UserId = "nobody", RoleId = "writer", OrganizationId = "acme" }) },
        { "a role below where the giver has it", Bind(new() { UserId = "nobody", RoleId = "writer", OrganizationId = "retail" }) },
        { "a role of permissions to administer", Bind(new() { UserId = "nobody", RoleId = "clerk", OrganizationId = "globex" }) },
        { "a role that a bundled scope covers", Bind(new() { UserId = "nobody", RoleId = "reader" }), DelegationRealm.User("mallory", $"{DelegationRealm.Writes} reading") },
        { "a role on the giver's terms", Bind(new() { UserId = "nobody", RoleId = "reader", Conditions = new() { MinAcr = "mfa" } }), DelegationRealm.User("guarded", acr: "mfa") },
        { "a role for as long as the giver has it", Bind(new() { UserId = "nobody", RoleId = "reader", ExpireTime = new Timestamp { Seconds = 4_102_444_800 } }), DelegationRealm.User("hurried") },
        {
            "less than what there is", new UpdateRoleBindingRequest
            {
                RoleBinding = new()
                {
                    RoleBindingId = "ada-limited",
                    OrganizationId = "retail",
                    ExpireTime = new Timestamp { Seconds = 1_800_000_000 },
                    Conditions = new() { MinAcr = "mfa", SourceNetworks = { "10.1.0.0/16", "10.2.3.0/24" }, StartTime = new Timestamp { Seconds = 1_700_000_000 } },
                },
                UpdateMask = Mask("organization_id", "expire_time", "conditions"),
            }
        },
        { "to act in what the giver has", new CreateDelegationRequest { Delegation = new() { DelegatorId = "boss", DelegateClientId = "plain", Scopes = { "reading" } } } },
        { "to act where the giver has it", new CreateDelegationRequest { Delegation = new() { DelegatorId = "boss", DelegateUserId = "ada", Scopes = { "a.write" }, OrganizationId = "retail", MaxDepth = 9 } } },
        { "to act for as long as the giver may", new CreateDelegationRequest { Delegation = new() { DelegatorId = "boss", DelegateClientId = "plain", Scopes = { "a.read" }, ExpireTime = new Timestamp { Seconds = 4_102_444_800 } } }, DelegationRealm.User("hurried") },
        {
            "a narrower delegation", new UpdateDelegationRequest
            {
                Delegation = new() { DelegationId = "boss-away", OrganizationId = "lab", ExpireTime = new Timestamp { Seconds = 1_800_000_000 }, Reason = "less" },
                UpdateMask = Mask("organization_id", "expire_time", "max_depth", "reason"),
            }
        },
        { "a delegation taken away", new DeleteDelegationRequest { DelegationId = "boss-away" } },
        { "a binding taken away", new DeleteRoleBindingRequest { RoleBindingId = "boss-keeper" } },
        { "a role with less in it", new UpdateRoleRequest { Role = new() { RoleId = "secret-keeper" }, UpdateMask = Mask("permissions") } },
        { "a role that includes one that the giver has", new CreateRoleRequest { Role = new() { RoleId = "mine", IncludedRoleIds = { "reader" } } } },
        { "a name for a role with more", new UpdateRoleRequest { Role = new() { RoleId = "secret-keeper", DisplayName = "Keeper" }, UpdateMask = Mask("display_name") } },
        { "a group in one with as much", new UpdateGroupRequest { Group = new() { GroupId = "staff", ParentGroupIds = { "readers" } } } },
        { "a name for a group with more", new UpdateGroupRequest { Group = new() { GroupId = "night", DisplayName = "Night" }, UpdateMask = Mask("display_name") } },
        { "a user out of a group with more", new UpdateUserRequest { User = new() { UserId = "keeper", Disabled = true } } },
        { "a login for somebody with as much", new UpdateUserRequest { User = new() { UserId = "nobody", ExternalIdentities = { new ExternalIdentity { Issuer = "https://idp.example", Subject = "n" } } } } },
        { "a login taken away", new UpdateUserRequest { User = new() { UserId = "boss" }, UpdateMask = Mask("external_identities") } },
        { "somebody with more disabled", new UpdateUserRequest { User = new() { UserId = "boss", Disabled = true }, UpdateMask = Mask("disabled") } },
        { "somebody with more removed", new DeleteUserRequest { UserId = "boss", Cascade = true } },
        { "a leaked secret of a client with more removed", new DeleteClientSecretRequest { ClientId = "strong", SecretId = "old" } },
        { "a secret of a client with more ended sooner", new ExpireClientSecretRequest { ClientId = "strong", SecretId = "old", ExpireTime = new Timestamp { Seconds = 1_500_000_000 } } },
        { "a client with more disabled", new UpdateClientRequest { Client = new() { ClientId = "root", Disabled = true }, UpdateMask = Mask("disabled") } },
        { "fewer scopes for a client with more", new UpdateClientRequest { Client = new() { ClientId = "root", Scopes = { "b.read" } }, UpdateMask = Mask("scopes", "grant_types") } },
        { "a client with as much", new CreateClientRequest { Client = new() { ClientId = "mine", ClientType = ClientType.Web, Scopes = { "a.read", "iam.users.write" } } } },
        { "a client of an organization with as much there", new CreateClientRequest { Client = new() { ClientId = "mine", ClientType = ClientType.Web, Scopes = { "a.write" }, OwnerOrganizationId = "retail" } } },
        { "a secret for a client with as much", new CreateClientSecretRequest { ClientId = "plain" } },
        { "an organization moved to the top", new UpdateOrganizationRequest { Organization = new() { OrganizationId = "retail" }, UpdateMask = Mask("parent_organization_id") } },
        {
            "a role made and given, in a batch", new BatchWriteRequest
            {
                Operations =
                {
                    new WriteOperation { CreateRole = new() { Role = new() { RoleId = "mine", Permissions = { "a.read" } } } },
                    new WriteOperation { CreateRoleBinding = new() { RoleBinding = new() { UserId = "nobody", RoleId = "mine" } } },
                },
            }
        },
    };

    private static FieldMask Mask(params string[] paths) => new() { Paths = { paths } };

    private static CreateRoleBindingRequest Bind(RoleBinding binding) => new() { RoleBinding = binding };
}

/// <summary>Grants by what they give; where nobody is named, by Mallory with a token for everything.</summary>
internal sealed class GrantTable : Dictionary<string, (IMessage Request, Metadata Caller)>
{
    public void Add(string description, IMessage request) => Add(description, request, DelegationRealm.User("mallory"));

    public void Add(string description, IMessage request, Metadata caller) => Add(description, (request, caller));
}
