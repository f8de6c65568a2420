using Google.Protobuf;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Common.Tests.Realms;

public sealed class MappingTests
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static TheoryData<ResourceKind> Kinds => [.. Enum.GetValues<ResourceKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_resource_with_everything_set_comes_back_the_same(ResourceKind kind) => AssertComesBack(Full(kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_resource_with_nothing_optional_set_comes_back_the_same(ResourceKind kind) => AssertComesBack(Bare(kind));

    [Theory]
    [InlineData(ResourceKind.RoleBinding, "role_binding")]
    [InlineData(ResourceKind.ResourceServer, "resource_server")]
    [InlineData(ResourceKind.Realm, "realm")]
    public void Kinds_are_named_like_the_members_of_the_resource(ResourceKind kind, string name)
    {
        Assert.Equal(name, kind.ToName());
        Assert.Equal(kind, ResourceKindNames.Parse(name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_the_name_of_its_field(ResourceKind kind) =>
        Assert.Equal(kind.ToName(), Wire.RealmResource.Descriptor.FindFieldByNumber((int)kind + 1).Name);

    [Fact]
    public void A_client_for_callers_lists_secrets_without_any_hash()
    {
        var client = (Client)Full(ResourceKind.Client);

        var wire = client.ToWire();

        Assert.Equal(["s1", "s2"], wire.Secrets.Select(secret => secret.SecretId));
        Assert.DoesNotContain(Hash, wire.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.False(wire.ToByteArray().AsSpan().IndexOf(Convert.FromHexString(Hash)) >= 0);
    }

    [Fact]
    public void An_unset_client_type_is_refused()
    {
        var feedClient = ((Client)Full(ResourceKind.Client)).ToFeedWire();
        feedClient.Client.ClientType = Wire.ClientType.Unspecified;

        Assert.Throws<InvalidDataException>(() => feedClient.ToRecord());
    }

    [Fact]
    public void A_role_binding_without_a_member_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new Wire.RoleBinding { RoleBindingId = "b", RoleId = "r" }.ToRecord());

    [Fact]
    public void A_resource_that_is_not_set_is_refused() => Assert.Throws<InvalidDataException>(() => new Wire.RealmResource().ToRecord());

    [Fact]
    public void A_reference_of_an_unknown_kind_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new Wire.ResourceReference { ResourceKind = "planet", ResourceId = "x" }.ToRecord());

    [Fact]
    public void A_provider_comes_back_with_its_sealed_secret_in_the_feed_and_without_it_for_callers()
    {
        var upstream = new UpstreamProvider
        {
            Issuer = "https://op.example",
            ClientId = "c",
            ClientSecret = "plain",
            SealedClientSecret = "c2VhbGVk",
            Scopes = ["email"],
            CreateUsers = true,
            RolesClaim = "groups",
            RoleMappings = [new() { Value = "a", StandsFor = "r" }, new() { Value = "b", StandsFor = "r" }],
            AcrMappings = [new() { Value = "urn:mfa", StandsFor = "gold" }],
        };
        var realm = FullRealm() with { LoginSettings = new() { Upstream = upstream with { ClientSecret = null } } };

        AssertComesBack(realm);
        var shown = (realm with { LoginSettings = new() { Upstream = upstream } }).ToWire();
        Assert.Equal(("", true), (shown.LoginSettings.Upstream.ClientSecret, shown.LoginSettings.Upstream.SealedClientSecret.IsEmpty));
        Assert.DoesNotContain("plain", upstream.ToString());
        Assert.DoesNotContain("plain", System.Text.Json.JsonSerializer.Serialize(upstream));
    }

    [Fact]
    public void Issuers_of_assertions_come_back()
    {
        var rule = new AssertionRule
        {
            Name = "readers",
            Claims = [new() { Claim = "scope", Values = ["b.read"] }, new() { Claim = "groups", Values = ["x", "y"] }],
            Scopes = ["a.read"],
            RoleIds = ["r"],
        };
        var partner = new AssertionIssuer
        {
            Name = "partner",
            Disabled = true,
            Issuer = "https://login.partner.example",
            Jwks = "{}",
            Algorithms = ["ES256", "RS256"],
            ClientIds = ["c"],
            Scopes = ["a.read"],
            OrganizationIds = ["o"],
            UserIdClaim = "employee",
            CreateUsers = true,
            AssertsRoles = true,
            MaxAssertionLifetime = TimeSpan.FromMinutes(2),
            MaxLifetime = TimeSpan.FromMinutes(3),
            Rules = [rule, new() { Name = "bare" }],
        };
        var headquarters = new AssertionIssuer { Name = "hq", TrustedRealmId = "hq", SubjectClientIds = ["web"], Subject = AssertionSubject.PresentingClient };

        AssertComesBack(FullRealm() with { AssertionIssuers = [headquarters, partner, new() { Name = "user", Issuer = "https://x.example", Subject = AssertionSubject.UserId }] });
    }

    private static void AssertComesBack(IRealmResource resource)
    {
        var bytes = resource.ToWire().ToByteArray();

        Assert.Equal(resource, Wire.RealmResource.Parser.ParseFrom(bytes).ToRecord());
    }

    private static IRealmResource Bare(ResourceKind kind) => kind switch
    {
        ResourceKind.Realm => new Realm { RealmId = "demo" },
        ResourceKind.Client => new Client { RealmId = "demo", ClientId = "c", ClientType = ClientType.Web },
        ResourceKind.ResourceServer => new ResourceServer { RealmId = "demo", Audience = "urn:a" },
        ResourceKind.Scope => new Scope { RealmId = "demo", Name = "s" },
        ResourceKind.Role => new Role { RealmId = "demo", RoleId = "r" },
        ResourceKind.Group => new Group { RealmId = "demo", GroupId = "g" },
        ResourceKind.Organization => new Organization { RealmId = "demo", OrganizationId = "o" },
        ResourceKind.User => new User { RealmId = "demo", UserId = "u" },
        ResourceKind.RoleBinding => new RoleBinding { RealmId = "demo", RoleBindingId = "b", MemberType = MemberType.Group, MemberId = "g", RoleId = "r" },
        _ => new DelegationRecord { RealmId = "demo", DelegationId = "d", DelegatorId = "u", DelegateType = MemberType.User, DelegateId = "v", Scopes = ["s"] },
    };

    private static IRealmResource Full(ResourceKind kind) => kind switch
    {
        ResourceKind.Realm => FullRealm(),
        ResourceKind.Client => FullClient(),
        ResourceKind.ResourceServer => new ResourceServer
        {
            RealmId = "demo",
            Audience = "urn:a",
            DisplayName = "A",
            ClientId = "c",
            Permissions = [new Permission { Name = "a.read", Texts = Texts() }, new Permission { Name = "a.write" }],
        },
        ResourceKind.Scope => new Scope { RealmId = "demo", Name = "s", Permissions = ["a.read", "a.write"], Texts = Texts() },
        ResourceKind.Role => new Role
        {
            RealmId = "demo",
            RoleId = "r",
            DisplayName = "R",
            Audience = "urn:a",
            Permissions = ["a.read"],
            IncludedRoleIds = ["q"],
        },
        ResourceKind.Group => new Group { RealmId = "demo", GroupId = "g", DisplayName = "G", ParentGroupIds = ["h"], OwnerOrganizationId = "o" },
        ResourceKind.Organization => new Organization
        {
            RealmId = "demo",
            OrganizationId = "o",
            DisplayName = "O",
            ParentOrganizationId = "p",
            Disabled = true,
        },
        ResourceKind.User => new User
        {
            RealmId = "demo",
            UserId = "u",
            DisplayName = "U",
            Disabled = true,
            OrganizationIds = ["o", "p"],
            GroupIds = ["g"],
            ExternalIdentities = [new ExternalIdentity { Issuer = "https://op.example", Subject = "1" }],
        },
        ResourceKind.RoleBinding => new RoleBinding
        {
            RealmId = "demo",
            RoleBindingId = "b",
            MemberType = MemberType.User,
            MemberId = "u",
            RoleId = "r",
            OrganizationId = "o",
            Conditions = new() { StartsAt = Time, EndsAt = Time.AddDays(1), SourceNetworks = ["10.0.0.0/8", "fd00::/8"], MinAcr = "gold" },
            ExpiresAt = Time.AddDays(2),
        },
        _ => new DelegationRecord
        {
            RealmId = "demo",
            DelegationId = "d",
            DelegatorId = "u",
            DelegateType = MemberType.Client,
            DelegateId = "c",
            Scopes = ["a.read", "s"],
            OrganizationId = "o",
            ExpiresAt = Time.AddDays(2),
            MaxDepth = 3,
            Reason = "R",
            CreatedAt = Time,
            CreatedBy = "u",
            SelfGranted = true,
        },
    };

    private static ValueList<ScopeText> Texts() =>
    [
        new() { Language = "de", Title = "Lesen" },
        new() { Language = "en", Title = "Read", Description = "Reads it." },
    ];

    private static Client FullClient() => new()
    {
        RealmId = "demo",
        ClientId = "c",
        DisplayName = "C",
        ClientType = ClientType.External,
        Disabled = true,
        GrantTypes = ["client_credentials"],
        RedirectUris = ["https://c.example/callback"],
        Scopes = ["a.read"],
        ConsentPolicy = ConsentPolicy.Trusted,
        AccessTokenLifetime = TimeSpan.FromMinutes(3),
        Logo = "data:image/png;base64,iVBORw0KGgo=",
        Verified = true,
        RequiredScopes = ["invoices.read"],
        DynamicallyRegistered = true,
        RequirePushedAuthorizationRequests = true,
        WebOrigins = ["https://app.example"],
        AsksForOrganization = true,
        AccessTokenFormat = AccessTokenFormat.Opaque,
        DpopBoundAccessTokens = true,
        AccessTokenSignedResponseAlg = "PS256",
        AuthorizationDetailsTypes = ["t"],
        TokenEndpointAuthMethod = "tls_client_auth",
        TlsClientAuth = new() { SubjectDn = "CN=a" },
        TlsClientCertificateBoundAccessTokens = true,
        MayActClientId = "c",
        SecurityProfile = SecurityProfile.Fapi2,
        Jwks = """{"keys":[]}""",
        RequireSignedRequestObject = true,
        About = new()
        {
            ClientUri = "https://client.example/",
            TosUri = "https://client.example/tos",
            PolicyUri = "https://client.example/policy",
            Contacts = ["b@client.example", "a@client.example"],
            SoftwareId = "4NRB1",
            SoftwareVersion = "2.1",
            Names = [new("de", "Größe"), new("fr", "Grandeur")],
        },
        Origin = new() { RegisteredAt = Time, InitialAccessTokenId = "i", SoftwareStatementIssuer = "https://p.example", SourceAddress = "::1" },
        OwnerOrganizationId = "o",
        Secrets =
        [
            new() { SecretId = "s1", Sha256 = Hash, CreatedAt = Time, ExpiresAt = Time.AddYears(1) },
            new() { SecretId = "s2", Sha256 = Hash, CreatedAt = Time.AddDays(1) },
        ],
    };

    private static Realm FullRealm() => new()
    {
        RealmId = "demo",
        HostName = "login.example.com",
        DisplayName = "Demo",
        Disabled = true,
        AccessTokenLifetime = TimeSpan.FromMinutes(7),
        SigningKeyRotationInterval = TimeSpan.FromDays(7),
        SecurityProfile = SecurityProfile.Fapi2,
        ClientCertificateAuthorities = "-----BEGIN CERTIFICATE-----",
        AcrValues = ["bronze", "gold"],
        LoginSettings = new() { CustomLoginUri = "https://login.example/start" },
        SessionSettings = new()
        {
            IdleLifetime = TimeSpan.FromMinutes(20),
            AbsoluteLifetime = TimeSpan.FromHours(8),
            RefreshIdleLifetime = TimeSpan.FromDays(3),
            RefreshAbsoluteLifetime = TimeSpan.FromDays(30),
            RefreshRetryWindow = TimeSpan.FromSeconds(20),
            RequirePushedAuthorizationRequests = true,
            RequireSignedRequestObject = true,
        },
        Dpop = new() { Required = true, RequireNonce = true },
        AuthorizationDetailsTypes = [new() { Type = "t", Audience = "https://a.example", Schema = "{}", Actions = [new("act", "a.read")], Resources = [new("r1") { Properties = [new("p", "v")] }, new("r2")], Texts = [new() { Language = "en", Title = "T", Description = "D" }] }],
        AuditSettings = new() { DurableAudit = true, TokenEventRetention = TimeSpan.FromDays(90) },
        TokenExchange = new()
        {
            MaxActors = 2,
            Rules =
            [
                new()
                {
                    Name = "on-behalf",
                    Mode = TokenExchangeMode.Impersonation,
                    Source = TokenExchangeSource.Delegation,
                    SubjectTypes = [MemberType.User, MemberType.Client],
                    SubjectClientIds = ["c"],
                    ActorClientIds = ["d"],
                    Audiences = ["urn:a"],
                    Scopes = ["a.*"],
                    OrganizationIds = ["o"],
                    MaxLifetime = TimeSpan.FromSeconds(30),
                },
                new() { Name = "plain" },
            ],
        },
        ClientRegistration = new()
        {
            Mode = ClientRegistrationMode.Open,
            MaxClients = 7,
            UnusedLifetime = TimeSpan.FromDays(30),
            Policy = new()
            {
                ClientTypes = [ClientType.Web, ClientType.Public],
                GrantTypes = ["authorization_code"],
                Scopes = ["a.*"],
                AuthorizationDetailsTypes = ["payment"],
                RedirectHosts = ["*.example.com"],
                TokenEndpointAuthMethods = ["none"],
                SoftwareStatementIssuers = [new("https://publisher.example", "{}")],
                RequireSoftwareStatement = true,
                ClientSecretLifetime = TimeSpan.FromDays(90),
            },
        },
        Revision = 12,
        CreatedAt = Time,
        ScopePipeline = new()
        {
            ScopePolicies = [.. Enum.GetValues<ScopePolicyMode>().Select(mode => new ScopePolicy { GrantType = $"{mode}", Mode = mode, DefaultScopes = ["s"] })],
            UnregisteredScopes = UnregisteredScopes.Any,
            Conditions =
            [
                new() { Name = "roles", Scopes = ["a.*"], Role = new() { Sources = [RoleSource.Bindings, RoleSource.LoginClaims], RoleIds = ["r"] } },
                new() { Name = "flow", Flow = FullFlow() },
            ],
            Transformations = [new() { Name = "expand", Scope = "s", Replacements = ["a.read", "a.write"] }],
            GrantedScopesProcessors =
            [
                new() { Name = "only", Whitelist = [] },
                new() { Name = "cap", CapByRole = new() { Sources = [RoleSource.Bindings] } },
                new() { Name = "drop", DropByOrganization = new() { OrganizationIds = ["o"], Scopes = ["*.write"] } },
            ],
        },
    };

    private static FlowCondition FullFlow() => new()
    {
        GrantTypes = ["client_credentials"],
        ClientTypes = [.. Enum.GetValues<ClientType>()],
        AcrValues = ["gold"],
        AmrValues = ["otp"],
        SourceNetworks = ["10.0.0.0/8"],
        OrganizationIds = ["o"],
    };
}
