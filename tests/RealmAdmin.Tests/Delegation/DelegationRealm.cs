using Grpc.Core;
using RealmAdmin.Tests.Audit;

namespace RealmAdmin.Tests.Delegation;

/// <summary>A realm with administrators of different strength, and their tokens.</summary>
internal static class DelegationRealm
{
    /// <summary>Every permission to write but the one that covers them all.</summary>
    public const string Writes =
        "iam.clients.write iam.delegations.write iam.groups.write iam.organizations.write iam.resource_servers.write iam.role_bindings.write iam.roles.write iam.scopes.write iam.users.write";

    public const string Reads =
        "iam.clients.read iam.delegations.read iam.groups.read iam.organizations.read iam.resource_servers.read iam.role_bindings.read iam.roles.read iam.scopes.read iam.users.read";

    /// <summary>
    /// Mallory may write every kind of resource in the realm, and may a.read; in acme only, a.write too. Nobody but root has b.read. Org may do the same as
    /// Mallory, but in acme only.
    /// </summary>
    public static readonly string Document = $$"""
        acr_values: [pwd, mfa]
        organizations:
          - organization_id: acme
          - {organization_id: retail, parent_organization_id: acme}
          - {organization_id: outlet, parent_organization_id: retail, disabled: true}
          - organization_id: globex
          - {organization_id: lab, parent_organization_id: globex}
        clients:
          - {client_id: root, client_type: service, grant_types: [client_credentials], scopes: [iam.realms.write, b.read]}
          - {client_id: plain, client_type: web, grant_types: [client_credentials], scopes: [a.read]}
          - {client_id: strong, client_type: web, disabled: true, grant_types: [client_credentials], scopes: [a.read],
             secrets: [{secret_id: old, secret: an-old-secret-of-the-client-strong-0123, expires_at: 2020-01-01T00:00:00Z}]}
          - {client_id: shop, client_type: web, scopes: [a.read], owner_organization_id: acme}
          - {client_id: lab-tool, client_type: web, scopes: [a.read], owner_organization_id: globex}
        resource_servers: [{audience: "https://api.example", permissions: [{permission: a.read}, {permission: a.write}, {permission: b.read}]}]
        scopes: [{scope: reading, permissions: [a.read]}, {scope: writing, permissions: [a.write]}]
        roles:
          - {role_id: reader, permissions: [a.read]}
          - {role_id: writer, permissions: [a.write], included_role_ids: [reader]}
          - {role_id: secret-keeper, permissions: [b.read]}
          - {role_id: clerk, permissions: [{{Writes.Replace(' ', ',')}}, {{Reads.Replace(' ', ',')}}]}
        groups:
          - group_id: staff
          - group_id: readers
          - group_id: keepers
          - {group_id: night, parent_group_ids: [keepers]}
          - {group_id: acme-staff, owner_organization_id: acme}
          - {group_id: globex-staff, owner_organization_id: globex}
        users:
          - {user_id: mallory, group_ids: [staff]}
          - {user_id: org, organization_ids: [acme]}
          - {user_id: guarded}
          - {user_id: hurried}
          - {user_id: boss, external_identities: [{issuer: "https://idp.example", subject: boss}]}
          - {user_id: keeper, disabled: true, group_ids: [night]}
          - {user_id: ada, organization_ids: [acme], group_ids: [acme-staff]}
          - {user_id: rita, organization_ids: [retail]}
          - {user_id: both, organization_ids: [acme, globex], group_ids: [acme-staff, globex-staff, staff]}
          - {user_id: gil, organization_ids: [globex]}
          - {user_id: nobody}
        role_bindings:
          - {role_binding_id: root-admin, client_id: root, role_id: iam-administrator}
          - {role_binding_id: root-keeper, client_id: root, role_id: secret-keeper}
          - {role_binding_id: mallory-clerk, user_id: mallory, role_id: clerk}
          - {role_binding_id: mallory-reader, user_id: mallory, role_id: reader}
          - {role_binding_id: mallory-writer, user_id: mallory, role_id: writer, organization_id: acme}
          - {role_binding_id: org-clerk, user_id: org, role_id: clerk, organization_id: acme}
          - {role_binding_id: org-reader, user_id: org, role_id: reader, organization_id: acme}
          - {role_binding_id: guarded-clerk, user_id: guarded, role_id: clerk}
          - {role_binding_id: guarded-reader, user_id: guarded, role_id: reader, conditions: {min_acr: mfa} }
          - {role_binding_id: hurried-clerk, user_id: hurried, role_id: clerk}
          - {role_binding_id: hurried-reader, user_id: hurried, role_id: reader, expires_at: 2100-01-01T00:00:00Z}
          - {role_binding_id: boss-keeper, user_id: boss, role_id: secret-keeper}
          - {role_binding_id: keepers-keeper, group_id: keepers, role_id: secret-keeper}
          - {role_binding_id: readers-reader, group_id: readers, role_id: reader}
          - {role_binding_id: strong-keeper, client_id: strong, role_id: secret-keeper, organization_id: globex}
          - {role_binding_id: lab-keeper, user_id: gil, role_id: secret-keeper, organization_id: lab}
          - {role_binding_id: globex-keeper, user_id: gil, role_id: secret-keeper, organization_id: globex}
          - {role_binding_id: ada-limited, user_id: ada, role_id: secret-keeper, organization_id: acme, expires_at: 2030-01-01T00:00:00Z, conditions: {min_acr: mfa, source_networks: [10.0.0.0/8]} }
          - {role_binding_id: ada-reader, user_id: ada, role_id: reader, organization_id: retail}
        delegations:
          - {delegation_id: boss-away, delegator_id: boss, delegate_client_id: strong, scopes: [b.read], organization_id: globex, expires_at: 2030-01-01T00:00:00Z, max_depth: 1}
          - {delegation_id: ada-away, delegator_id: ada, delegate_client_id: shop, scopes: [reading], organization_id: retail}
          - {delegation_id: ada-everywhere, delegator_id: ada, delegate_client_id: plain, scopes: [a.read]}
          - {delegation_id: gil-away, delegator_id: gil, delegate_user_id: both, scopes: [a.read], organization_id: globex}
        """;

    public const string AllScopes = $"{Writes} {Reads} a.read a.write b.read";

    public static Metadata User(string userId, string scope = AllScopes, string acr = "", string organizationId = "") =>
        Bearer($$"""{"sub":"{{userId}}","user":"","client_id":"console","jti":"t","scope":"{{scope}}","acr":"{{acr}}","organization_id":"{{organizationId}}"}""");

    public static Metadata Client(string clientId, string scope) =>
        Bearer($$"""{"sub":"{{clientId}}","client_id":"{{clientId}}","jti":"t","scope":"{{scope}}"}""");

    public static Metadata Bearer(string claims) => new() { { "authorization", $"Bearer {TokenServiceStandIn.Token(claims)}" } };
}
