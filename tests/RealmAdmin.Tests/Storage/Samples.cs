using Pltfrms.Iam.Common.Realms.Model;
using Testing;

namespace RealmAdmin.Tests.Storage;

/// <summary>Resources with every property set, so that a column that is forgotten shows.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Instant = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero).AddMicroseconds(891_234);

    private static readonly string Authorities = TestCertificates.Authority("CN=Clients").ExportCertificatePem();

    public static string NewRealmId() => $"r{Guid.NewGuid():n}";

    public static Realm Realm(string realmId) => new()
    {
        RealmId = realmId,
        DisplayName = "Größe \"1\"",
        Disabled = true,
        AccessTokenLifetime = TimeSpan.FromSeconds(90),
        SigningKeyRotationInterval = TimeSpan.FromDays(7),
        SecurityProfile = SecurityProfile.Fapi2,
        ClientCertificateAuthorities = Authorities,
        AcrValues = ["pwd", "mfa"],
        ScopePipeline = Pipeline,
        ConsentSettings = new()
        {
            Remote = new()
            {
                AuthorizationUri = "https://consent.example/ask?x=1",
                Issuer = "https://consent.example",
                JwksUri = "https://consent.example/jwks",
                RequestLifetime = TimeSpan.FromMinutes(5),
            },
            DecisionLifetime = TimeSpan.FromDays(365),
            ChallengeLifetime = TimeSpan.FromMinutes(30),
            DefaultLanguage = "de-CH",
        },
        LoginSettings = new() { CustomLoginUri = "https://login.example/start?a=b" },
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
                    SubjectTypes = [MemberType.User, MemberType.Client],
                    SubjectClientIds = ["c"],
                    ActorClientIds = ["c"],
                    Audiences = ["https://api.example"],
                    Scopes = ["a.*"],
                    OrganizationIds = ["o"],
                    MaxLifetime = TimeSpan.FromSeconds(30),
                },
                new() { Name = "plain" },
                new() { Name = "by-delegation", Source = TokenExchangeSource.Delegation, ActorClientIds = ["c"] },
            ],
        },
        Dpop = new() { Required = true, RequireNonce = true },
        AuthorizationDetailsTypes =
        [
            new()
            {
                Type = "payment",
                Audience = "https://api.example",
                Schema = """{"type": "object", "properties": {"amount": {"type": "number", "minimum": 0}}, "required": ["amount"]}""",
                Actions = [new("pay", "a.read")],
                Resources = [new("account-1") { Properties = [new("currency", "EUR"), new("status", "open")] }, new("account-2")],
                Texts = [new() { Language = "en", Title = "A payment", Description = "Of this amount." }],
            },
        ],
        ClientRegistration = new()
        {
            Mode = ClientRegistrationMode.Open,
            MaxClients = 7,
            UnusedLifetime = TimeSpan.FromDays(30),
            Policy = new()
            {
                ClientTypes = [ClientType.Web, ClientType.Public],
                GrantTypes = ["authorization_code"],
                Scopes = ["a.*", "a.read"],
                AuthorizationDetailsTypes = ["payment"],
                RedirectHosts = ["*.example.com", "127.0.0.1"],
                TokenEndpointAuthMethods = ["none", "private_key_jwt"],
                SoftwareStatementIssuers = [new("https://publisher.example", Jwks)],
                RequireSoftwareStatement = true,
                ClientSecretLifetime = TimeSpan.FromDays(90),
            },
        },
        AssertionIssuers =
        [
            new() { Name = "hq", TrustedRealmId = "hq", ClientIds = ["c"], Scopes = ["a.read"], CreateUsers = true, SubjectClientIds = ["web"], Rules = [Rule] },
            new()
            {
                Name = "partner",
                Disabled = true,
                Issuer = "https://login.partner.example",
                Jwks = Jwks,
                Algorithms = ["ES256", "RS256"],
                ClientIds = ["c"],
                Scopes = ["a.read"],
                OrganizationIds = ["o"],
                Subject = AssertionSubject.UserId,
                UserIdClaim = "employee",
                AssertsRoles = true,
                MaxAssertionLifetime = TimeSpan.FromMinutes(2),
                MaxLifetime = TimeSpan.FromMinutes(3),
                Rules = [Rule with { Name = "other" }, Rule],
            },
        ],
        CreatedAt = Instant,
    };

    private static AssertionRule Rule => new()
    {
        Name = "readers",
        Claims = [new() { Claim = "scope", Values = ["b.read"] }, new() { Claim = "groups", Values = ["x", "y z"] }],
        Scopes = ["a.read"],
        RoleIds = ["r"],
    };

    public static ScopePipeline Pipeline => new()
    {
        ScopePolicies = [new() { GrantType = "client_credentials", Mode = ScopePolicyMode.AlwaysOverwrite, DefaultScopes = ["a.read"] }],
        UnregisteredScopes = UnregisteredScopes.Any,
        Conditions =
        [
            new() { Name = "by-role", Scopes = ["a.*"], Role = new() { Sources = [RoleSource.Bindings, RoleSource.LoginClaims], RoleIds = ["r"] } },
            new()
            {
                Name = "by-flow",
                Flow = new()
                {
                    GrantTypes = ["client_credentials"],
                    ClientTypes = [ClientType.Service],
                    AcrValues = ["mfa"],
                    AmrValues = ["otp"],
                    SourceNetworks = ["10.0.0.0/8"],
                    OrganizationIds = ["o"],
                },
            },
        ],
        Transformations = [new() { Name = "rename", Scope = "a.read", Replacements = ["a.write"] }],
        GrantedScopesProcessors =
        [
            new() { Name = "white", Whitelist = ["a.*"] },
            new() { Name = "cap", CapByRole = new() { Sources = [RoleSource.Bindings] } },
            new() { Name = "drop", DropByOrganization = new() { OrganizationIds = ["o"], Scopes = ["*"] } },
        ],
    };

    public static Organization Organization(string realmId, string id, string? parent = null) =>
        new() { RealmId = realmId, OrganizationId = id, DisplayName = $"Organization {id}", ParentOrganizationId = parent, Disabled = true };

    /// <summary>RFC 7515 appendix A.3.1.</summary>
    public const string Jwks =
        """{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}""";

    public static Client Client(string realmId, string id) => new()
    {
        RealmId = realmId,
        ClientId = id,
        DisplayName = "A client",
        ClientType = ClientType.Service,
        Disabled = true,
        GrantTypes = ["client_credentials", "refresh_token"],
        RedirectUris = ["https://client.example/callback?a=b,c"],
        Scopes = ["a.read", "a.write"],
        ConsentPolicy = ConsentPolicy.Trusted,
        AccessTokenLifetime = TimeSpan.FromMinutes(7),
        Logo = "data:image/png;base64,iVBORw0KGgo=",
        Verified = true,
        RequiredScopes = ["a.read"],
        DynamicallyRegistered = true,
        RequirePushedAuthorizationRequests = true,
        WebOrigins = ["https://app.example", "https://app.example:8443"],
        AsksForOrganization = true,
        AccessTokenFormat = AccessTokenFormat.Opaque,
        DpopBoundAccessTokens = true,
        AccessTokenSignedResponseAlg = "PS256",
        AuthorizationDetailsTypes = ["payment", "urn:x:other"],
        TokenEndpointAuthMethod = TokenEndpointAuthMethods.TlsClientAuth,
        TlsClientAuth = new() { SubjectDn = "CN=Billing\\, Ltd.,O=Größe,C=DE" },
        TlsClientCertificateBoundAccessTokens = true,
        MayActClientId = "c",
        SecurityProfile = SecurityProfile.Fapi2,
        Jwks = Jwks,
        RequireSignedRequestObject = true,
        About = new()
        {
            ClientUri = "https://client.example/",
            TosUri = "https://client.example/tos",
            PolicyUri = "https://client.example/policy",
            Contacts = ["ops@client.example", "a@client.example"],
            SoftwareId = "4NRB1-0XZABZI9E6-5SM3R",
            SoftwareVersion = "2.1 β",
            Names = [new("de", "Größe"), new("fr-CH", "Grandeur")],
        },
        Origin = new()
        {
            RegisteredAt = Instant,
            InitialAccessTokenId = "iat-1",
            SoftwareStatementIssuer = "https://publisher.example",
            SourceAddress = "203.0.113.7",
        },
        Secrets =
        [
            new() { SecretId = "s1", Sha256 = new string('1', 64), CreatedAt = Instant },
            new() { SecretId = "s2", Sha256 = new string('2', 64), CreatedAt = Instant, ExpiresAt = Instant.AddDays(1) },
        ],
    };

    public static ResourceServer ResourceServer(string realmId, string audience, params string[] permissions) => new()
    {
        RealmId = realmId,
        Audience = audience,
        DisplayName = "An API",
        Permissions = [.. permissions.Select(name => new Permission { Name = name, Texts = Texts })],
    };

    public static Scope Scope(string realmId, string name) =>
        new() { RealmId = realmId, Name = name, Permissions = ["a.read", "a.write"], Texts = Texts };

    public static Role Role(string realmId, string id) =>
        new() { RealmId = realmId, RoleId = id, DisplayName = "A role", Permissions = ["a.read"], IncludedRoleIds = ["other"] };

    public static Group Group(string realmId, string id) =>
        new() { RealmId = realmId, GroupId = id, DisplayName = "A group", ParentGroupIds = ["p1", "p2"] };

    public static User User(string realmId, string id) => new()
    {
        RealmId = realmId,
        UserId = id,
        DisplayName = "A user",
        Disabled = true,
        ExternalIdentities = [new() { Issuer = "https://login.example", Subject = $"{id}-1" }, new() { Issuer = "https://login.example", Subject = $"{id}-2" }],
    };

    public static RoleBinding RoleBinding(string realmId, string id) => new()
    {
        RealmId = realmId,
        RoleBindingId = id,
        MemberType = MemberType.Group,
        MemberId = "g",
        RoleId = "r",
        Conditions = new() { StartsAt = Instant, EndsAt = Instant.AddHours(1), SourceNetworks = ["10.0.0.0/8", "::1/128"], MinAcr = "mfa" },
        ExpiresAt = Instant.AddDays(2),
    };

    public static DelegationRecord Delegation(string realmId, string id) => new()
    {
        RealmId = realmId,
        DelegationId = id,
        DelegatorId = "u",
        DelegateType = MemberType.Client,
        DelegateId = "c",
        Scopes = ["a.read", "a.write"],
        OrganizationId = "o",
        ExpiresAt = Instant.AddDays(2),
        MaxDepth = 3,
        Reason = "Größe \"1\"",
        CreatedAt = Instant,
        CreatedBy = "somebody",
        SelfGranted = true,
    };

    private static Pltfrms.Iam.Common.ValueList<ScopeText> Texts =>
        [new() { Language = "de", Title = "Lesen", Description = "Größer" }, new() { Language = "en", Title = "Read" }];
}
