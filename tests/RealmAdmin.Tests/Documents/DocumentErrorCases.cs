namespace RealmAdmin.Tests.Documents;

/// <summary>A situation, a document, and the errors that it has.</summary>
public static class DocumentErrorCases
{
    public static TheoryData<string, string, string[]> Syntax => new()
    {
        { "nothing", "", ["document: is empty"] },
        { "a comment only", "# nothing", ["document: is empty"] },
        { "a list", "- realm_id: r", ["document: must be a mapping with the key realm_id"] },
        { "no YAML", "realm_id: r\nclients: [\n", ["line 3, column 1: is not valid YAML: While parsing a node, did not find expected node content."] },
        { "a tab", "realm_id: r\n\tx: y", ["line 1, column 11: is not valid YAML: While scanning a plain scalar, found a tab character that violate indentation."] },
        { "an alias", "realm_id: &id r\ndisplay_name: *id", ["line 1, column 11: has an anchor; anchors are not supported"] },
        { "an alias to nothing", "realm_id: r\ndisplay_name: *id", ["line 2, column 15: is an alias; aliases are not supported"] },
        { "a tag", "realm_id: !!str r", ["line 1, column 11: has a tag; tags are not supported"] },
        { "two documents", "realm_id: r\n---\nrealm_id: r", ["line 2, column 1: begins a second document; there must be one"] },
        { "a key that is a list", "realm_id: r\n? [a]\n: b", ["line 2, column 3: is a list or mapping as a key; keys must be text"] },
        { "deep nesting", $"realm_id: {new string('[', 100)}{new string(']', 100)}", ["line 1, column 27: is nested too deeply"] },
        { "very deep nesting", $"realm_id: {new string('[', 100_000)}", ["line 1, column 27: is nested too deeply"] },
        { "a key twice", "realm_id: r\nrealm_id: r", ["realm_id: is given twice"] },
    };

    public static TheoryData<string, string, string[]> Realm => new()
    {
        { "no id", "display_name: R", ["realm_id: is required"] },
        { "an empty id", "realm_id: ''", ["realm_id: must not be empty"] },
        {
            "resources of a type of authorization details",
            """
            realm_id: r
            authorization_details_types:
              - type: t
                schema: '{"type": "object"}'
                resources: [{identifier: a}, {identifier: a, properties: {x: true, 'y z': v}}, {properties: []}]
            """,
            [
                "authorization_details_types[0].audience: is required",
                "authorization_details_types[0].resources[1].identifier: must be unique among the type's resources",
                "authorization_details_types[0].resources[1].properties.x: must be text: put it in quotes, \"true\"",
                "authorization_details_types[0].resources[1].properties.y z: its key must have only printable ASCII characters without space, \" and \\",
                "authorization_details_types[0].resources[2].identifier: is required",
                "authorization_details_types[0].resources[2].properties: must be a mapping",
            ]
        },
        { "no value", "realm_id: r\ndisplay_name:", ["display_name: must be text, but has no value"] },
        { "a number as text", "realm_id: r\ndisplay_name: 12", ["display_name: must be text: put it in quotes, \"12\""] },
        { "a flag as text", "realm_id: r\ndisplay_name: true", ["display_name: must be text: put it in quotes, \"true\""] },
        { "a list as text", "realm_id: r\ndisplay_name: [R]", ["display_name: must be text"] },
        { "text as a flag", "realm_id: r\ndisabled: 'yes'", ["disabled: must be true or false"] },
        { "text as a list", "realm_id: r\nacr_values: mfa", ["acr_values: must be a list"] },
        { "text as a mapping", "realm_id: r\nscope_pipeline: none", ["scope_pipeline: must be a mapping"] },
        { "a mapping as a list", "realm_id: r\nclients: {client_id: c}", ["clients: must be a list"] },
        { "text as an item", "realm_id: r\nclients: [c]", ["clients[0]: must be a mapping"] },
        { "a long name", $"realm_id: r\ndisplay_name: {new string('x', 201)}", ["display_name: must be at most 200 characters long"] },
        { "two lines", "realm_id: r\ndisplay_name: \"a\\nb\"", ["display_name: must be one line without control characters"] },
        { "a provider without an issuer", "realm_id: r\nlogin_settings: {upstream: {client_id: c}}", ["login_settings.upstream.issuer: is required"] },
        { "a plain provider", "realm_id: r\nlogin_settings: {upstream: {issuer: \"http://op.example\", client_id: c}}", ["login_settings.upstream.issuer: must be https, or http on a loopback address"] },
        { "two logins", "realm_id: r\nlogin_settings: {custom_login_uri: \"https://a.example\", upstream: {issuer: \"https://op.example\", client_id: c}}", ["login_settings.custom_login_uri: must not be set beside upstream: one of them logs users in"] },
        { "a role that is none", "realm_id: r\nlogin_settings: {upstream: {issuer: \"https://op.example\", client_id: c, roles_claim: g, role_mappings: {a: b}}}", ["login_settings.upstream.role_mappings.a: names a role that the document does not have: 'b'"] },
        { "an acr value that is none", "realm_id: r\nlogin_settings: {upstream: {issuer: \"https://op.example\", client_id: c, acr_mappings: {a: b}}}", ["login_settings.upstream.acr_mappings.a: names an acr value that the document does not have: 'b'"] },
        { "mappings of nothing", "realm_id: r\nroles: [{role_id: b}]\nlogin_settings: {upstream: {issuer: \"https://op.example\", client_id: c, role_mappings: {a: b}}}", ["login_settings.upstream.roles_claim: is required with role_mappings"] },
        { "openid asked for twice", "realm_id: r\nlogin_settings: {upstream: {issuer: \"https://op.example\", client_id: c, scopes: [openid]}}", ["login_settings.upstream.scopes: must not have openid, which is always asked for"] },
        { "a sealed secret", "realm_id: r\nlogin_settings: {upstream: {issuer: \"https://op.example\", client_id: c, sealed_client_secret: x}}", ["login_settings.upstream.sealed_client_secret: is not a known key"] },
        { "an exchange rule without a name", "realm_id: r\ntoken_exchange: {rules: [{mode: delegation}]}", ["token_exchange.rules[0].name: is required"] },
        { "two exchange rules of a name", "realm_id: r\ntoken_exchange: {rules: [{name: a}, {name: A}]}", ["token_exchange.rules[1].name: must be unique among the rules"] },
        { "an exchange of groups", "realm_id: r\ntoken_exchange: {rules: [{name: a, subject_types: [group]}]}", ["token_exchange.rules[0].subject_types: must be user or client"] },
        { "an unknown mode", "realm_id: r\ntoken_exchange: {rules: [{name: a, mode: impersonate}]}", ["token_exchange.rules[0].mode: must be delegation or impersonation; did you mean 'impersonation'?"] },
        { "an exchange for nobody known", "realm_id: r\ntoken_exchange: {rules: [{name: a, actor_client_ids: [b]}]}", ["token_exchange.rules[0].actor_client_ids[0]: names a client that the document does not have: 'b'"] },
        { "too many actors", "realm_id: r\ntoken_exchange: {max_actors: 11}", ["token_exchange.max_actors: must be a whole number from 1 to 10"] },
        { "an unknown source", "realm_id: r\ntoken_exchange: {rules: [{name: a, source: delegations}]}", ["token_exchange.rules[0].source: must be token or delegation; did you mean 'delegation'?"] },
        { "an impersonation by delegation", "realm_id: r\ntoken_exchange: {rules: [{name: a, source: delegation, mode: impersonation}]}", ["token_exchange.rules[0].mode: must be delegation where the source is"] },
        {
            "a delegation of somebody's tokens", "realm_id: r\nclients: [{client_id: c, client_type: web}]\ntoken_exchange: {rules: [{name: a, source: delegation, subject_types: [user], subject_client_ids: [c]}]}",
            ["token_exchange.rules[0].subject_types: must not be set where the source is delegation", "token_exchange.rules[0].subject_client_ids: must not be set where the source is delegation"]
        },
        { "half an actor", "realm_id: r\ntoken_exchange: {max_actors: 1.5}", ["token_exchange.max_actors: must be a whole number from 1 to 10"] },
        { "a wrong duration", "realm_id: r\naccess_token_lifetime: 5 minutes", ["access_token_lifetime: must be a duration from 1s to 1d, like 5m"] },
        { "a number as duration", "realm_id: r\naccess_token_lifetime: 300", ["access_token_lifetime: must be a duration from 1s to 1d, like 5m"] },
        { "keys that are replaced too often", "realm_id: r\nsigning_key_rotation_interval: 59m", ["signing_key_rotation_interval: must be 1h or longer"] },
        { "keys that are replaced too rarely", "realm_id: r\nsigning_key_rotation_interval: 731d", ["signing_key_rotation_interval: must be a duration from 1s to 730d, like 5m"] },
        { "token events for no time", "realm_id: r\naudit_settings: {token_event_retention: 59m}", ["audit_settings.token_event_retention: must be 1h or longer"] },
        { "token events for too long", "realm_id: r\naudit_settings: {token_event_retention: 401d}", ["audit_settings.token_event_retention: must be a duration from 1s to 400d, like 5m"] },
        { "nothing, durably", "realm_id: r\naudit_settings: {durable_audit: true, no_token_events: true}", ["audit_settings.no_token_events: must not be set with durable_audit"] },
        { "a long duration", "realm_id: r\naccess_token_lifetime: 25h", ["access_token_lifetime: must be a duration from 1s to 1d, like 5m"] },
        {
            "two places of consent", "realm_id: r\nconsent_settings: {custom_page_uri: 'https://a.example', remote: {}}",
            [
                "consent_settings.remote: must not be set with custom_page_uri",
                "consent_settings.remote.authorization_uri: is required",
                "consent_settings.remote.issuer: is required",
                "consent_settings.remote.jwks_uri: is required",
            ]
        },
        { "an insecure page", "realm_id: r\nconsent_settings: {custom_page_uri: 'http://a.example'}", ["consent_settings.custom_page_uri: must be https, or http on a loopback address"] },
        { "a page with a fragment", "realm_id: r\nconsent_settings: {custom_page_uri: 'https://a.example/#x'}", ["consent_settings.custom_page_uri: must not have a fragment"] },
        { "a challenge for too long", "realm_id: r\nconsent_settings: {challenge_lifetime: 61m}", ["consent_settings.challenge_lifetime: must be a duration from 1s to 1h, like 5m"] },
        { "a decision for ever and a day", "realm_id: r\nconsent_settings: {decision_lifetime: 3651d}", ["consent_settings.decision_lifetime: must be a duration from 1s to 3650d, like 5m"] },
        { "a default language that is none", "realm_id: r\nconsent_settings: {default_language: '1'}", ["consent_settings.default_language: must be a language tag, like en or de-CH"] },
        { "an acr value twice", "realm_id: r\nacr_values: [mfa, mfa]", ["acr_values[1]: is in the list twice", "acr_values[1]: must be unique: acr_values[0] is the same"] },
        {
            "an unknown key deep down", "realm_id: r\nscope_pipeline: {conditions: [{name: c, role: {sources: [bindings], role_id: [x]}}]}",
            ["scope_pipeline.conditions[0].role.role_id: is not a known key; did you mean 'role_ids'?"]
        },
        {
            "an unknown mode", "realm_id: r\nscope_pipeline: {scope_policies: [{mode: mandatry}]}",
            ["scope_pipeline.scope_policies[0].mode: must be mandatory or empty_allowed or empty_overwritten or always_overwrite; did you mean 'mandatory'?"]
        },
        {
            "two policies for one grant type", "realm_id: r\nscope_pipeline: {scope_policies: [{mode: mandatory}, {mode: empty_allowed}]}",
            ["scope_pipeline.scope_policies: must have at most one policy for all other grant types"]
        },
        {
            "a condition of both kinds", "realm_id: r\nscope_pipeline: {conditions: [{name: c, role: {sources: [bindings]}, flow: {}}]}",
            ["scope_pipeline.conditions[0].role: must be set, or flow, but not both"]
        },
        {
            "two conditions of one name", "realm_id: r\nscope_pipeline: {conditions: [{name: c, flow: {}}, {name: C, flow: {}}]}",
            ["scope_pipeline.conditions[1].name: must be unique among the conditions"]
        },
        {
            "a processor of no kind", "realm_id: r\nscope_pipeline: {granted_scopes_processors: [{name: p}]}",
            ["scope_pipeline.granted_scopes_processors[0].whitelist: must be set, or cap_by_role, or drop_by_organization, but only one of them"]
        },
        {
            "an unknown acr value", "realm_id: r\nacr_values: [mfa]\nscope_pipeline: {conditions: [{name: c, flow: {acr_values: [mfaa]}}]}",
            ["scope_pipeline.conditions[0].flow.acr_values[0]: names an acr value that the document does not have: 'mfaa'; did you mean 'mfa'?"]
        },
        {
            "a pattern is no reference, a name is", "realm_id: r\nscope_pipeline: {conditions: [{name: c, scopes: ['invoices.*', nothing], flow: {}}]}",
            ["scope_pipeline.conditions[0].scopes[1]: names a scope that the document does not have: 'nothing'"]
        },
    };

    public static TheoryData<string, string, string[]> Clients => new()
    {
        { "no id", Client("client_type: web"), ["clients[0].client_id: is required"] },
        { "a wrong id", Client("client_id: a b, client_type: web"), ["clients[0].client_id: must begin with a letter or digit and have only letters, digits and . _ ~ -"] },
        { "an unknown type", Client("client_id: c, client_type: native"), ["clients[0].client_type: must be web or service or public or external"] },
        { "an unknown grant type", Web("grant_types: [implicit]"), ["clients[0].grant_types[0]: is not a known grant type"] },
        {
            "a grant type's short name", Web("grant_types: [device_code]"),
            ["clients[0].grant_types[0]: is not a known grant type; did you mean 'urn:ietf:params:oauth:grant-type:device_code'?"]
        },
        { "a relative redirect", Web("redirect_uris: [/callback]"), ["clients[0].redirect_uris[0]: must be an absolute URI"] },
        { "an insecure redirect", Web("redirect_uris: ['http://a.example/']"), ["clients[0].redirect_uris[0]: must be https, or http on a loopback address"] },
        { "another scheme", Web("redirect_uris: ['javascript:alert(1)']"), ["clients[0].redirect_uris[0]: must be https, or http on a loopback address"] },
        { "a name that only begins like loopback", Web("redirect_uris: ['http://localhost.a.example/']"), ["clients[0].redirect_uris[0]: must be https, or http on a loopback address"] },
        { "a fragment", Web("redirect_uris: ['https://a.example/#x']"), ["clients[0].redirect_uris[0]: must not have a fragment"] },
        { "a wildcard", Web("redirect_uris: ['https://*.a.example/']"), ["clients[0].redirect_uris[0]: must not have a wildcard"] },
        { "a user name", Web("redirect_uris: ['https://good.example@evil.example/']"), ["clients[0].redirect_uris[0]: must not have a user name"] },
        { "a backslash", Web("redirect_uris: ['https://good.example\\@evil.example/']"), ["clients[0].redirect_uris[0]: must be an absolute URI"] },
        { "a redirect twice", Web("redirect_uris: ['https://a.example/', 'https://a.example/']"), ["clients[0].redirect_uris[1]: is in the list twice"] },
        { "a logo from elsewhere", Web("logo: 'https://a.example/logo.png'"), ["clients[0].logo: must be a data: URI of a PNG, JPEG or WebP image in base64"] },
        { "a logo with a script", Web("logo: 'data:image/svg+xml;base64,PHN2Zz4='"), ["clients[0].logo: must be a data: URI of a PNG, JPEG or WebP image in base64"] },
        { "a logo that is no base64", Web("logo: 'data:image/png;base64,%%%'"), ["clients[0].logo: must be base64 after the comma"] },
        { "a logo of another type", Web("logo: 'data:image/jpeg;base64,iVBORw0KGgo='"), ["clients[0].logo: must be an image of the type that it says"] },
        { "a large logo", Web($"logo: 'data:image/png;base64,iVBORw0KGgo{new string('A', 43_709)}'"), ["clients[0].logo: must be an image of 32 KiB at the most"] },
        { "a required scope that is not registered", Web("scopes: [iam.clients.read], required_scopes: [iam.users.read]"), ["clients[0].required_scopes: must be among the scopes that the client is registered for"] },
        { "keys that are no JSON", Web("jwks: 'keys'"), ["clients[0].jwks: must be a JWK set in JSON, {\"keys\": [...]}, with unique names and little nesting"] },
        { "no keys", Web("jwks: '{\"keys\": []}'"), ["clients[0].jwks: must have from 1 to 10 keys"] },
        {
            "a private key", Web("jwks: '{\"keys\": [{\"kty\": \"EC\", \"crv\": \"P-256\", \"d\": \"AA\"}]}'"),
            ["clients[0].jwks: must have good keys only: keys[0] is not only public: it has the member d. Use another key pair, for this one is known now"]
        },
        { "an algorithm without a key pair", Web("access_token_signed_response_alg: HS256"), ["clients[0].access_token_signed_response_alg: must be one of ES256, ES384, PS256, RS256"] },
        { "no algorithm at all", Web("access_token_signed_response_alg: none"), ["clients[0].access_token_signed_response_alg: must be one of ES256, ES384, PS256, RS256"] },
        { "an unknown way to authenticate", Web("token_endpoint_auth_method: client_secret_jwt"), ["clients[0].token_endpoint_auth_method: must be one of none, client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth, self_signed_tls_client_auth"] },
        { "no way to authenticate", Web("token_endpoint_auth_method: none"), ["clients[0].token_endpoint_auth_method: must not be none: only a public client does not authenticate"] },
        { "a public client with a secret's method", Client("client_id: c, client_type: public, token_endpoint_auth_method: client_secret_post"), ["clients[0].token_endpoint_auth_method: must need no secret: a public client cannot keep one"] },
        { "a signature without a key", Web("token_endpoint_auth_method: private_key_jwt"), ["clients[0].token_endpoint_auth_method: needs jwks"] },
        { "a certificate that nobody knows", Web("token_endpoint_auth_method: self_signed_tls_client_auth"), ["clients[0].token_endpoint_auth_method: needs jwks"] },
        { "a certificate of nobody", Web("token_endpoint_auth_method: tls_client_auth"), ["clients[0].token_endpoint_auth_method: needs tls_client_auth"] },
        { "two names in a certificate", Web("tls_client_auth: {san_dns: a.example, san_ip: 192.0.2.7}"), ["clients[0].tls_client_auth.subject_dn: must be the only one, or one of san_dns, san_uri, san_ip and san_email"] },
        { "no name in a certificate", Web("tls_client_auth: {}"), ["clients[0].tls_client_auth.subject_dn: must be the only one, or one of san_dns, san_uri, san_ip and san_email"] },
        { "no distinguished name", Web("tls_client_auth: {subject_dn: billing}"), ["clients[0].tls_client_auth.subject_dn: must be a distinguished name (RFC 4514), like CN=billing,O=Example,C=DE"] },
        { "a wildcard", Web("tls_client_auth: {san_dns: '*.example'}"), ["clients[0].tls_client_auth.san_dns: must be a host name in lower case, without a wildcard"] },
        { "a name that is no URI", Web("tls_client_auth: {san_uri: billing}"), ["clients[0].tls_client_auth.san_uri: must be an absolute URI in ASCII"] },
        { "an address in another spelling", Web("tls_client_auth: {san_ip: '2001:DB8::7'}"), ["clients[0].tls_client_auth.san_ip: must be an IP address as RFC 5952 or four decimal numbers spell it, like 2001:db8::1"] },
        { "a name that is no e-mail address", Web("tls_client_auth: {san_email: billing}"), ["clients[0].tls_client_auth.san_email: must be an e-mail address in ASCII"] },
        { "an unknown profile", Web("security_profile: fapi1"), ["clients[0].security_profile: must be none or fapi2; did you mean 'fapi2'?"] },
        { "authorities that are none", With("client_certificate_authorities: nobody"), ["client_certificate_authorities: must be certificates in PEM"] },
        { "an unknown token format", Web("access_token_format: paseto"), ["clients[0].access_token_format: must be jwt or opaque"] },
        { "codes without a redirect", Web("grant_types: [authorization_code]"), ["clients[0].redirect_uris: is required with the grant type authorization_code"] },
        {
            "a service with users", Client("client_id: c, client_type: service, grant_types: [authorization_code], redirect_uris: ['https://a.example/']"),
            [
                "clients[0].redirect_uris: must be empty: a service client has no users to send back",
                "clients[0].grant_types: must not have authorization_code: a service client has no users",
            ]
        },
        {
            "a public client that authenticates", Client($"client_id: c, client_type: public, grant_types: [client_credentials], secrets: [{{secret_id: s, secret: {new string('x', 32)}}}]"),
            [
                "clients[0].secrets: must be empty: a public client cannot keep a secret",
                "clients[0].grant_types: must not have client_credentials: a public client cannot authenticate",
            ]
        },
        { "a short secret", Web("secrets: [{secret_id: s, secret: 0123456789abcdef0123456789abcdeX}, {secret_id: t, secret: short}]"), ["clients[0].secrets[1].secret: must be at least 32 characters long"] },
        { "a wrong hash", Web("secrets: [{secret_id: s, sha256: abc}]"), ["clients[0].secrets[0].sha256: must be the SHA-256 of the secret: 64 lower-case hexadecimal digits"] },
        { "a secret without a value", Web("secrets: [{secret_id: s}]"), ["clients[0].secrets[0].secret: must be set, or sha256, but not both"] },
        {
            "a secret's id twice", Web($"secrets: [{{secret_id: s, sha256: {new string('a', 64)}}}, {{secret_id: S, sha256: {new string('b', 64)}}}]"),
            ["clients[0].secrets[1].secret_id: must be unique in the client"]
        },
        { "a wrong time", Web($"secrets: [{{secret_id: s, sha256: {new string('a', 64)}, expires_at: 2026-01-01}}]"), ["clients[0].secrets[0].expires_at: must be a time like 2026-01-31T12:00:00Z"] },
        { "an unknown owner", Web("owner_organization_id: acme"), ["clients[0].owner_organization_id: names an organization that the document does not have: 'acme'"] },
        {
            "two clients", "realm_id: r\nclients: [{client_id: c, client_type: web}, {client_id: C, client_type: web}]",
            ["clients[1].client_id: must be unique: clients[0].client_id is 'c'"]
        },
        { "operators' own permissions", Web("scopes: [iam.realms.watch]"), ["clients[0].scopes[0]: names a scope that the document does not have: 'iam.realms.watch'; did you mean 'iam.realms.write'?"] },
    };

    public static TheoryData<string, string, string[]> Resources => new()
    {
        { "a relative audience", With("resource_servers: [{audience: api}]"), ["resource_servers[0].audience: must be an absolute URI"] },
        { "the suite's audience", With("resource_servers: [{audience: 'urn:pltfrms:iam'}]"), ["resource_servers[0].audience: is reserved: urn:pltfrms:iam is built in"] },
        { "a permission without a verb", Permissions("[{permission: invoices}]"), ["resource_servers[0].permissions[0].permission: must be noun.verb in lower case, like invoices.read"] },
        { "a reserved permission", Permissions("[{permission: iam.things.read}]"), ["resource_servers[0].permissions[0].permission: is reserved: names that begin with iam. are the suite's own"] },
        { "a built-in permission", Permissions("[{permission: iam.realms.read}]"), ["resource_servers[0].permissions[0].permission: is reserved: iam.realms.read is built in"] },
        { "a wrong language", Permissions("[{permission: a.read, texts: {english language: {title: T}}}]"), ["resource_servers[0].permissions[0].texts.english language: must be a language tag, like en or de-CH"] },
        { "a text without a title", Permissions("[{permission: a.read, texts: {en: {description: D}}}]"), ["resource_servers[0].permissions[0].texts.en.title: is required"] },
        {
            "a scope named like a permission", With("resource_servers: [{audience: 'urn:a', permissions: [{permission: a.read}]}]\nscopes: [{scope: a.read}]"),
            ["scopes[0].scope: must be unique: resource_servers[0].permissions[0].permission is the same"]
        },
        { "a scope with a space", With("scopes: [{scope: a b}]"), ["scopes[0].scope: must have only printable ASCII characters without space, \", \\ and *"] },
        { "a bundle of what is no permission", With("scopes: [{scope: a, permissions: [b.read]}]"), ["scopes[0].permissions[0]: names a permission that the document does not have: 'b.read'"] },
        { "a built-in role", With("roles: [{role_id: IAM-administrator}]"), ["roles[0].role_id: is reserved: iam-administrator is built in"] },
        { "a role that includes itself", With("roles: [{role_id: a, included_role_ids: [a]}]"), ["roles[0].included_role_ids[0]: makes a cycle: a -> a"] },
        {
            "roles in a circle", With("roles: [{role_id: a, included_role_ids: [b]}, {role_id: b, included_role_ids: [c]}, {role_id: c, included_role_ids: [b]}]"),
            ["roles[2].included_role_ids[0]: makes a cycle: b -> c -> b"]
        },
        { "groups in a circle", With("groups: [{group_id: a, parent_group_ids: [b]}, {group_id: b, parent_group_ids: [a]}]"), ["groups[1].parent_group_ids[0]: makes a cycle: a -> b -> a"] },
        {
            "organizations in a circle", With("organizations: [{organization_id: a, parent_organization_id: b}, {organization_id: b, parent_organization_id: a}]"),
            ["organizations[1].parent_organization_id: makes a cycle: a -> b -> a"]
        },
        { "an unknown group", With("users: [{user_id: u, group_ids: [g]}]"), ["users[0].group_ids[0]: names a group that the document does not have: 'g'"] },
        {
            "two users who are one person", With("users: [{user_id: u, external_identities: [{issuer: 'https://i', subject: s}]}, {user_id: v, external_identities: [{issuer: 'https://i', subject: s}]}]"),
            ["users[1].external_identities[0].subject: must be unique with its issuer: users[0].external_identities[0] is the same"]
        },
        { "an insecure issuer", With("users: [{user_id: u, external_identities: [{issuer: 'http://i.example', subject: s}]}]"), ["users[0].external_identities[0].issuer: must be https, or http on a loopback address"] },
        { "a binding of nobody", Binding("role_id: iam-administrator"), ["role_bindings[0].user_id: must be set, or client_id, or group_id, but only one of them"] },
        { "a binding without a role", Binding("user_id: u"), ["role_bindings[0].role_id: is required"] },
        { "a binding to an unknown role", Binding("user_id: u, role_id: iam-administrators"), ["role_bindings[0].role_id: names a role that the document does not have: 'iam-administrators'; did you mean 'iam-administrator'?"] },
        {
            "the same binding twice", With("users: [{user_id: u}]\nrole_bindings: [{user_id: u, role_id: iam-administrator}, {user_id: u, role_id: iam-administrator}]"),
            ["role_bindings[1]: must be unique: role_bindings[0] is the same"]
        },
        { "a delegation without an id", Delegation("delegator_id: u, delegate_client_id: c, scopes: [iam.users.read]"), ["delegations[0].delegation_id: is required"] },
        { "a delegation of nobody", Delegation("delegation_id: d, delegate_client_id: c, scopes: [iam.users.read]"), ["delegations[0].delegator_id: is required"] },
        { "a delegation to nobody", Delegation("delegation_id: d, delegator_id: u, scopes: [iam.users.read]"), ["delegations[0].delegate_client_id: must be set, or delegate_user_id, but not both"] },
        { "a delegation to two", Delegation("delegation_id: d, delegator_id: u, delegate_client_id: c, delegate_user_id: v, scopes: [iam.users.read]"), ["delegations[0].delegate_client_id: must be set, or delegate_user_id, but not both"] },
        { "a delegation to oneself", Delegation("delegation_id: d, delegator_id: u, delegate_user_id: u, scopes: [iam.users.read]"), ["delegations[0].delegate_user_id: must not be the delegator"] },
        { "a delegation of nothing", Delegation("delegation_id: d, delegator_id: u, delegate_user_id: v"), ["delegations[0].scopes: must name at least one"] },
        { "a delegation of an unknown scope", Delegation("delegation_id: d, delegator_id: u, delegate_user_id: v, scopes: [nothing]"), ["delegations[0].scopes[0]: names a scope that the document does not have: 'nothing'"] },
        { "a delegation to an unknown client", Delegation("delegation_id: d, delegator_id: u, delegate_client_id: nobody, scopes: [iam.users.read]"), ["delegations[0].delegate_client_id: names a client that the document does not have: 'nobody'"] },
        { "a delegation that is too deep", Delegation("delegation_id: d, delegator_id: u, delegate_user_id: v, scopes: [iam.users.read], max_depth: 10"), ["delegations[0].max_depth: must be a whole number from 0 to 9"] },
        { "a delegation made by somebody", Delegation("delegation_id: d, delegator_id: u, delegate_user_id: v, scopes: [iam.users.read], created_by: u"), ["delegations[0].created_by: is not a known key"] },
        { "a network with host bits", Binding("user_id: u, role_id: iam-administrator, conditions: {source_networks: [10.0.0.1/8]}"), ["role_bindings[0].conditions.source_networks[0]: must be a network in CIDR notation without host bits, like 10.0.0.0/8"] },
        {
            "an end before its start", Binding("user_id: u, role_id: iam-administrator, conditions: {starts_at: 2026-02-01T00:00:00Z, ends_at: 2026-01-01T00:00:00+01:00}"),
            ["role_bindings[0].conditions.ends_at: must be after starts_at"]
        },
    };

    private static string Client(string client) => $"realm_id: r\nclients: [{{{client}}}]";

    private static string Web(string client) => Client($"client_id: c, client_type: web, {client}");

    private static string With(string section) => $"realm_id: r\n{section}";

    private static string Permissions(string permissions) => With($"resource_servers: [{{audience: 'urn:a', permissions: {permissions}}}]");

    private static string Binding(string binding) => With($"users: [{{user_id: u}}]\nrole_bindings: [{{{binding}}}]");

    private static string Delegation(string delegation) =>
        With($"clients: [{{client_id: c, client_type: service}}]\nusers: [{{user_id: u}}, {{user_id: v}}]\ndelegations: [{{{delegation}}}]");
}
