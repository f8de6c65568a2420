using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Common.Tests.Realms;

/// <summary>A resource of each kind with everything set, and with nothing that need not be.</summary>
internal static class MappedResources
{
    public const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static IRealmResource Bare(ResourceKind kind) => kind switch
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

    public static IRealmResource Full(ResourceKind kind) => kind switch
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

    public static Realm FullRealm() => new()
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
