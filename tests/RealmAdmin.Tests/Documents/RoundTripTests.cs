using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;
using RealmAdmin.Tests.Storage;

namespace RealmAdmin.Tests.Documents;

public sealed class RoundTripTests
{
    [Fact]
    public void A_realm_that_uses_everything_comes_back_as_it_was()
    {
        IReadOnlyList<IRealmResource> resources =
        [
            Samples.Realm("r") with { CreatedAt = default, HostName = "login.example.com:8443" },
            Samples.Organization("r", "o"),
            Samples.Organization("r", "p", parent: "o"),
            Samples.Client("r", "c") with { RedirectUris = [], Secrets = [], OwnerOrganizationId = "o" },
            Samples.Client("r", "web") with { ClientType = ClientType.Web, GrantTypes = ["authorization_code"], RedirectUris = [], Secrets = [] },
            Samples.ResourceServer("r", "https://api.example", "a.read", "a.write") with { ClientId = "c" },
            Samples.Scope("r", "bundle"),
            Samples.Role("r", "other") with { IncludedRoleIds = [] },
            Samples.Role("r", "r") with { Audience = "https://api.example" },
            Samples.Group("r", "g") with { ParentGroupIds = ["h"], OwnerOrganizationId = "p" },
            Samples.Group("r", "h") with { ParentGroupIds = [] },
            Samples.User("r", "u") with { OrganizationIds = ["o", "p"], GroupIds = ["g", "h"] },
            new User { RealmId = "r", UserId = "v" },
            Samples.RoleBinding("r", "own-id") with { OrganizationId = "o" },
            Samples.Delegation("r", "d") with { CreatedAt = default, CreatedBy = "", SelfGranted = false },
            Samples.Delegation("r", "e") with
            {
                DelegatorId = "v", DelegateType = MemberType.User, DelegateId = "u", OrganizationId = null, ExpiresAt = null, MaxDepth = 0, Reason = "",
                CreatedAt = default, CreatedBy = "", SelfGranted = false,
            },
        ];

        var document = RealmDocumentReader.Read(RealmDocumentWriter.Write(resources), "r");

        Assert.Equal(resources, document.Resources);
        Assert.Empty(document.ClientsWithSecrets);
    }

    [Fact]
    public void What_a_user_delegated_is_the_users_and_in_no_document()
    {
        IReadOnlyList<IRealmResource> resources = [new Realm { RealmId = "r" }, Samples.Delegation("r", "d")];

        Assert.DoesNotContain("delegations", RealmDocumentWriter.Write(resources));
    }

    [Fact]
    public void A_custom_consent_page_comes_back_as_it_was()
    {
        IReadOnlyList<IRealmResource> resources = [new Realm { RealmId = "r", ConsentSettings = new() { CustomPageUri = "https://ui.example/consent" } }];

        Assert.Equal(resources, RealmDocumentReader.Read(RealmDocumentWriter.Write(resources), "r").Resources);
    }

    [Fact]
    public void A_provider_comes_back_as_it_was_but_for_its_secret()
    {
        var upstream = new UpstreamProvider
        {
            Issuer = "https://op.example/tenant",
            ClientId = "the: realm",
            SealedClientSecret = "c2VhbGVk",
            Scopes = ["email", "profile"],
            CreateUsers = true,
            RolesClaim = "https://op.example/roles",
            RoleMappings = [new() { Value = "Admins # of all", StandsFor = "r" }, new() { Value = "true", StandsFor = "r" }, new() { Value = "~", StandsFor = "r" }],
            AcrMappings = [new() { Value = "urn:mfa", StandsFor = "gold" }],
        };
        var realm = new Realm { RealmId = "r", AcrValues = ["gold"], LoginSettings = new() { Upstream = upstream } };
        IReadOnlyList<IRealmResource> resources = [realm, new Role { RealmId = "r", RoleId = "r" }];

        var text = RealmDocumentWriter.Write(resources);

        Assert.DoesNotContain("c2VhbGVk", text);
        Assert.Equal(
            [realm with { LoginSettings = new() { Upstream = upstream with { SealedClientSecret = null } } }, resources[1]],
            RealmDocumentReader.Read(text, "r").Resources);
    }

    [Theory]
    [InlineData("plain words, with: commas # and more")]
    [InlineData("123")]
    [InlineData("true")]
    [InlineData("~")]
    [InlineData("- item")]
    [InlineData("'quoted' \"twice\" \\ back")]
    [InlineData(" spaces ")]
    [InlineData("a: b")]
    [InlineData("key:")]
    [InlineData("Größe 日本語 🙂")]
    [InlineData("[a, b]")]
    [InlineData("{a}")]
    [InlineData("*alias &anchor !tag %directive @at `tick`")]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("1e5")]
    [InlineData("a #b")]
    public void Any_text_comes_back_as_it_was(string text)
    {
        IReadOnlyList<IRealmResource> resources = [new Realm { RealmId = "r", DisplayName = text }];

        Assert.Equal(resources, RealmDocumentReader.Read(RealmDocumentWriter.Write(resources), "r").Resources);
    }

    [Fact]
    public void Documents_are_sorted_and_leave_defaults_out() => Assert.Equal(
        """
        realm_id: r

        clients:
          - client_id: a
            client_type: public
            grant_types: [authorization_code, refresh_token]
            redirect_uris: [http://127.0.0.1:8765/callback]
          - client_id: b
            client_type: service
            access_token_lifetime: 90s

        users:
          - user_id: u
            external_identities:
              - issuer: https://login.example
                subject: u-1
              - issuer: https://login.example
                subject: u-2

        role_bindings:
          - client_id: b
            role_id: iam-administrator
            conditions:
              ends_at: 2026-01-31T12:00:00Z

        """.ReplaceLineEndings("\n"),
        RealmDocumentWriter.Write(RealmDocumentReader.Read(
            """
            role_bindings:
              - client_id: b
                role_id: iam-administrator
                conditions: {ends_at: "2026-01-31T13:00:00+01:00", source_networks: []}
            users: [{user_id: u, external_identities: [{subject: u-2, issuer: "https://login.example"}, {subject: u-1, issuer: "https://login.example"}]}]
            clients:
              - {client_id: b, client_type: service, access_token_lifetime: 90s, consent_policy: required, scopes: []}
              - client_id: a
                client_type: public
                grant_types: [refresh_token, authorization_code]
                redirect_uris: [http://127.0.0.1:8765/callback]
            realm_id: r
            access_token_lifetime: 300s
            """,
            "r").Resources));

    [Fact]
    public void A_secret_is_hashed_at_once_and_never_written()
    {
        const string Secret = "a-secret-of-at-least-32-characters";
        var document = RealmDocumentReader.Read(
            $"realm_id: r\nclients: [{{client_id: c, client_type: web, secrets: [{{secret_id: s, secret: {Secret}, expires_at: 2030-01-01T00:00:00Z}}]}}]", "r");

        var secret = Assert.Single(document.Resources.OfType<Client>().Single().Secrets);
        Assert.Equal(
            new ClientSecret
            {
                SecretId = "s",
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret))),
                ExpiresAt = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
            },
            secret);
        Assert.False(document.KeepsSecrets("c"));
        var written = RealmDocumentWriter.Write(document.Resources);
        Assert.DoesNotContain(Secret, written, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Sha256, written, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_binding_without_an_id_always_gets_the_same_and_no_other_binding_gets_it()
    {
        const string Document = """
            realm_id: r
            organizations: [{organization_id: o}]
            users: [{user_id: x}]
            clients: [{client_id: x, client_type: web}]
            role_bindings:
              - {user_id: x, role_id: iam-administrator}
              - {user_id: x, role_id: iam-administrator, organization_id: o}
              - {client_id: x, role_id: iam-administrator}
            """;

        var ids = RealmDocumentReader.Read(Document, "r").Resources.OfType<RoleBinding>().Select(binding => binding.RoleBindingId).ToList();

        Assert.Equal(ids, RealmDocumentReader.Read(Document, "r").Resources.OfType<RoleBinding>().Select(binding => binding.RoleBindingId));
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal("rb-", ids[0][..3]);
        Assert.All(ids, id => Assert.Equal(35, id.Length));
    }

    [Fact]
    public void The_demo_realm_is_a_right_document()
    {
        var document = RealmDocumentReader.Read(DemoRealm.Document, "demo");

        Assert.Equal(
            ["demo-api", "demo-operator", "demo-service", "demo-spa", "demo-tv", "demo-web"],
            document.Resources.OfType<Client>().Select(client => client.ClientId).Order(StringComparer.Ordinal));
        Assert.Equal(
            IamPermissions.Assignable.Order(StringComparer.Ordinal),
            document.Resources.OfType<Client>().Single(client => client.ClientId == "demo-operator").Scopes);
        Assert.Equal(
            ["invoices.approve", "invoices.create", "invoices.read", "payments.refund"],
            document.Resources.OfType<ResourceServer>().Single().Permissions.Select(permission => permission.Name));
        Assert.Equal(6, document.Resources.OfType<RoleBinding>().Count());
    }
}
