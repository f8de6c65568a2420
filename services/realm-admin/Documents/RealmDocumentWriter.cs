using System.Globalization;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes a realm as a document: sorted, without defaults, without secrets. Reading it gives the same realm.</summary>
public static class RealmDocumentWriter
{
    private static readonly Realm Unset = new() { RealmId = "" };

    /// <param name="resources">The realm and everything in it.</param>
    public static string Write(IReadOnlyList<IRealmResource> resources)
    {
        var yaml = new YamlWriter();
        WriteRealm(yaml, resources.OfType<Realm>().Single());
        Section<Organization>("organizations", WriteOrganization);
        Section<Client>("clients", WriteClient);
        Section<ResourceServer>("resource_servers", WriteResourceServer);
        Section<Scope>("scopes", WriteScope);
        Section<Role>("roles", WriteRole);
        Section<Group>("groups", WriteGroup);
        Section<User>("users", WriteUser);
        Section<RoleBinding>("role_bindings", WriteRoleBinding);
        Section<DelegationRecord>("delegations", WriteDelegation);
        return yaml.ToString();

        void Section<T>(string key, Action<YamlWriter, T> write)
            where T : IRealmResource
        {
            var items = resources.OfType<T>().Where(resource => resource is not DelegationRecord { SelfGranted: true }).OrderBy(resource => resource.Id, StringComparer.Ordinal).ToList();
            if (items.Count > 0)
            {
                yaml.Gap().Each(key, items, item => write(yaml, item));
            }
        }
    }

    private static void WriteRealm(YamlWriter yaml, Realm realm)
    {
        yaml.Text("realm_id", realm.RealmId)
            .Text("display_name", realm.DisplayName)
            .Flag("disabled", realm.Disabled)
            .Text("host_name", realm.HostName)
            .Plain("access_token_lifetime", realm.AccessTokenLifetime == Unset.AccessTokenLifetime ? null : Values.Write(realm.AccessTokenLifetime))
            .Plain(
                "signing_key_rotation_interval",
                realm.SigningKeyRotationInterval == Unset.SigningKeyRotationInterval ? null : Values.Write(realm.SigningKeyRotationInterval))
            .Texts("acr_values", realm.AcrValues);
        yaml.Security(realm);
        if (realm.ScopePipeline != Unset.ScopePipeline)
        {
            yaml.Gap().Mapping("scope_pipeline", () => ScopePipelineWriter.Write(yaml, realm.ScopePipeline));
        }

        if (realm.ConsentSettings != Unset.ConsentSettings)
        {
            yaml.Gap().Mapping("consent_settings", () => ConsentSettingsWriter.Write(yaml, realm.ConsentSettings));
        }

        SessionSettingsWriter.Write(yaml, realm);
        TokenExchangeWriter.Write(yaml, realm.TokenExchange);
        DpopSettingsWriter.Write(yaml, realm.Dpop);
        AuditSettingsWriter.Write(yaml, realm.AuditSettings);
        ClientRegistrationWriter.Write(yaml, realm.ClientRegistration);
        AssertionIssuersWriter.Write(yaml, realm.AssertionIssuers);
        AuthorizationDetailsWriter.Write(yaml, realm.AuthorizationDetailsTypes);
    }

    private static void WriteOrganization(YamlWriter yaml, Organization organization) => yaml
        .Text("organization_id", organization.OrganizationId)
        .Text("display_name", organization.DisplayName)
        .Text("parent_organization_id", organization.ParentOrganizationId)
        .Flag("disabled", organization.Disabled);

    private static void WriteClient(YamlWriter yaml, Client client) => yaml
        .Text("client_id", client.ClientId)
        .Text("display_name", client.DisplayName)
        .Plain("client_type", StoredNames.Of(client.ClientType))
        .Flag("disabled", client.Disabled)
        .Texts("grant_types", client.GrantTypes)
        .Texts("redirect_uris", client.RedirectUris, evenIfEmpty: client.GrantTypes.Contains(Clients.GrantTypes.AuthorizationCode))
        .Texts("scopes", client.Scopes)
        .Plain("consent_policy", client.ConsentPolicy == ConsentPolicy.Required ? null : StoredNames.Of(client.ConsentPolicy))
        .Plain("access_token_lifetime", client.AccessTokenLifetime is { } lifetime ? Values.Write(lifetime) : null)
        .Flag("dynamically_registered", client.DynamicallyRegistered)
        .Text("owner_organization_id", client.OwnerOrganizationId)
        .Text("logo", client.Logo)
        .Flag("verified", client.Verified)
        .Texts("required_scopes", client.RequiredScopes)
        .Flag("require_pushed_authorization_requests", client.RequirePushedAuthorizationRequests)
        .Texts("web_origins", client.WebOrigins)
        .Flag("asks_for_organization", client.AsksForOrganization)
        .Plain("access_token_format", client.AccessTokenFormat == AccessTokenFormat.Jwt ? null : StoredNames.Of(client.AccessTokenFormat))
        .Text("jwks", client.Jwks)
        .Flag("require_signed_request_object", client.RequireSignedRequestObject)
        .Flag("dpop_bound_access_tokens", client.DpopBoundAccessTokens)
        .Plain(
            "access_token_signed_response_alg",
            client.AccessTokenSignedResponseAlg == SignatureAlgorithms.Es256 ? null : client.AccessTokenSignedResponseAlg)
        .Security(client)
        .Registration(client);

    private static void WriteResourceServer(YamlWriter yaml, ResourceServer server) => yaml
        .Text("audience", server.Audience)
        .Text("display_name", server.DisplayName)
        .Text("client_id", server.ClientId)
        .Each("permissions", server.Permissions, permission =>
        {
            yaml.Text("permission", permission.Name);
            WriteTexts(yaml, permission.Texts);
        });

    private static void WriteScope(YamlWriter yaml, Scope scope)
    {
        yaml.Text("scope", scope.Name).Texts("permissions", scope.Permissions);
        WriteTexts(yaml, scope.Texts);
    }

    internal static void WriteTexts(YamlWriter yaml, ValueList<ScopeText> texts)
    {
        if (texts.Count > 0)
        {
            yaml.Mapping("texts", () =>
            {
                foreach (var text in texts)
                {
                    yaml.Mapping(text.Language, () => yaml.Text("title", text.Title).Text("description", text.Description));
                }
            });
        }
    }

    private static void WriteRole(YamlWriter yaml, Role role) => yaml
        .Text("role_id", role.RoleId)
        .Text("display_name", role.DisplayName)
        .Text("audience", role.Audience)
        .Texts("permissions", role.Permissions)
        .Texts("included_role_ids", role.IncludedRoleIds);

    private static void WriteGroup(YamlWriter yaml, Group group) => yaml
        .Text("group_id", group.GroupId)
        .Text("display_name", group.DisplayName)
        .Texts("parent_group_ids", group.ParentGroupIds)
        .Text("owner_organization_id", group.OwnerOrganizationId);

    private static void WriteUser(YamlWriter yaml, User user) => yaml
        .Text("user_id", user.UserId)
        .Text("display_name", user.DisplayName)
        .Flag("disabled", user.Disabled)
        .Texts("organization_ids", user.OrganizationIds)
        .Texts("group_ids", user.GroupIds)
        .Each("external_identities", user.ExternalIdentities, identity => yaml.Text("issuer", identity.Issuer).Text("subject", identity.Subject));

    private static void WriteRoleBinding(YamlWriter yaml, RoleBinding binding)
    {
        var derived = RoleBindingId.Derive(binding.MemberType, binding.MemberId, binding.RoleId, binding.OrganizationId);
        yaml.Text("role_binding_id", binding.RoleBindingId == derived ? null : binding.RoleBindingId)
            .Text($"{StoredNames.Of(binding.MemberType)}_id", binding.MemberId)
            .Text("role_id", binding.RoleId)
            .Text("organization_id", binding.OrganizationId);
        if (binding.Conditions is { } conditions)
        {
            yaml.Mapping("conditions", () => yaml
                .Plain("starts_at", conditions.StartsAt is { } startsAt ? Values.Write(startsAt) : null)
                .Plain("ends_at", conditions.EndsAt is { } endsAt ? Values.Write(endsAt) : null)
                .Texts("source_networks", conditions.SourceNetworks)
                .Text("min_acr", conditions.MinAcr));
        }

        yaml.Plain("expires_at", binding.ExpiresAt is { } expiresAt ? Values.Write(expiresAt) : null);
    }

    /// <summary>Not those that users gave themselves: a document that is applied again must not bring back what they took away.</summary>
    private static void WriteDelegation(YamlWriter yaml, DelegationRecord delegation) => yaml
        .Text("delegation_id", delegation.DelegationId)
        .Text("delegator_id", delegation.DelegatorId)
        .Text(delegation.DelegateType == MemberType.User ? "delegate_user_id" : "delegate_client_id", delegation.DelegateId)
        .Texts("scopes", delegation.Scopes)
        .Text("organization_id", delegation.OrganizationId)
        .Plain("expires_at", delegation.ExpiresAt is { } expiresAt ? Values.Write(expiresAt) : null)
        .Plain("max_depth", delegation.MaxDepth == 0 ? null : delegation.MaxDepth.ToString(CultureInfo.InvariantCulture))
        .Text("reason", delegation.Reason);
}
