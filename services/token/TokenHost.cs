using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Hosting.DirectCalls;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.AuthZen;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.Conformance;
using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Dpop;
using Pltfrms.Iam.Token.Envoy;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Feeds;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Login;
using Pltfrms.Iam.Token.MutualTls;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.RefreshTokens;
using Pltfrms.Iam.Token.Registration;
using Pltfrms.Iam.Token.Replay;
using Pltfrms.Iam.Token.SenderConstraints;
using Pltfrms.Iam.Token.Storage;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.Tokens.Opaque;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Pltfrms.Iam.Token.UserGrants;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token;

/// <summary>Composes the token service.</summary>
public static class TokenHost
{
    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?> settings) => Build(args, settings, _ => { });

    /// <param name="args">The command line.</param>
    /// <param name="settings">What the suite and tests set.</param>
    /// <param name="replace">Replaces parts of the outside world: the clock, where realms come from.</param>
    internal static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection> replace)
    {
        var builder = ServiceHost.CreateBuilder(ServiceNames.Token, args, settings);
        builder.AddPeer(ServiceNames.RealmAdmin);
        builder.AddPeer(ServiceNames.Consent);
        builder.AddSettings<TokenOptions, TokenOptionsValidator>(TokenOptions.Section);
        builder.AddSecrets();
        builder.AddSettings<RealmFeedOptions>(RealmFeedOptions.Section);
        builder.AddSettings<FeedOptions>(FeedOptions.Section);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<TokenOptions>>().Value);
        AddRealms(builder.Services);
        AddKeys(builder.Services);
        AddTokens(builder.Services);
        AddPermissions(builder.Services);
        AddGrants(builder.Services);
        AddOAuth(builder.Services);
        AddRegistration(builder.Services);
        builder.Services.AddAuthZen();
        builder.Services.AddBrowserFlows();
        builder.Services.AddTokenAudit();
        builder.Services.AddFeeds();
        replace(builder.Services);

        var app = builder.Build();
        ForgetWithRealms(app.Services);
        ServiceHost.MapWellknown(app);
        app.MapGrpc<TokenGrpcService>();
        app.MapGrpc<PermissionGrpcService>();
        app.MapGrpc<GrantGrpcService>();
        app.MapGrpc<InteractionGrpcService>();
        app.MapGrpc<RealmErasureGrpcService>();
        app.MapGrpc<KeyGrpcService>();
        app.MapGrpc<TokenAuditGrpcService>();
        app.MapGrpc<ConformanceGrpcService>();
        app.MapGrpc<EnvoyGrpcService>();
        app.MapGrpc<DecisionFeedGrpcService>();
        MapHotPath(app);
        BrowserRoutes.Map(app);
        OAuthRoutes.Map(app);
        app.MapAuthZen();
        return app;
    }

    /// <summary>The database that the service would use, as it is: nothing is made or migrated.</summary>
    internal static IDatabase OpenDatabase(string[] args)
    {
        var services = ServiceHost.CreateBuilder(ServiceNames.Token, args, new Dictionary<string, string?>()).Build().Services;
        var settings = services.GetRequiredService<IOptions<DatabaseSettings>>().Value;
        return settings.Engine == "sqlite" && !File.Exists(settings.File)
            ? throw new FileNotFoundException($"Database:File: {Path.GetFullPath(settings.File!)} does not exist.")
            : services.GetRequiredService<IDatabase>();
    }

    /// <summary>What is kept for a realm goes when the realm does, so that memory is of the realms in use.</summary>
    private static void ForgetWithRealms(IServiceProvider services)
    {
        var (keys, revocations) = (services.GetRequiredService<KeyRing>(), services.GetRequiredService<Revocations>());
        services.GetRequiredService<RealmSnapshots>().Dropped += realmId =>
        {
            keys.Forget(realmId);
            revocations.Forget(realmId);
        };
    }

    /// <summary>What internal services call for every request that they serve.</summary>
    private static void MapHotPath(WebApplication app)
    {
        var tokens = Wire.TokenService.Descriptor;
        var permissions = Wire.PermissionService.Descriptor;
        app.MapDirectly<Wire.IntrospectTokenRequest, Wire.IntrospectTokenResponse>(
            tokens.FindMethodByName("IntrospectToken"), services => services.GetRequiredService<TokenGrpcService>().IntrospectToken,
            services => new RecentTokenReader<Wire.IntrospectTokenRequest>(
                services.GetRequiredService<RecentTokens>(),
                Wire.IntrospectTokenRequest.Descriptor,
                static request => request.Token.Length == 0,
                static (request, token) => request.Token = token).Read);
        app.MapDirectly<Wire.CheckPermissionRequest, Wire.CheckPermissionResponse>(
            permissions.FindMethodByName("CheckPermission"), services => services.GetRequiredService<PermissionGrpcService>().CheckPermission,
            services => new RecentTokenReader<Wire.CheckPermissionRequest>(
                services.GetRequiredService<RecentTokens>(),
                Wire.CheckPermissionRequest.Descriptor,
                static request => request.SubjectCase == Wire.CheckPermissionRequest.SubjectOneofCase.None,
                static (request, token) => request.AccessToken = token).Read);
        app.MapDirectly<Wire.BatchCheckPermissionsRequest, Wire.BatchCheckPermissionsResponse>(
            permissions.FindMethodByName("BatchCheckPermissions"), services => services.GetRequiredService<PermissionGrpcService>().BatchCheckPermissions);
    }

    private static void AddRealms(IServiceCollection services)
    {
        services.TryAddSingleton<IRealmFeed>(s => new GrpcRealmFeed(s.GetRequiredService<PeerChannels>().Invoker(ServiceNames.RealmAdmin)));
        services.AddSingleton<RealmSnapshots>();
        services.AddSingleton<Issuers>();
        services.AddSingleton<RealmHosts>();
        services.AddSingleton(TokenTables.OfRealms);
        services.AddSingleton<RealmRows>();
        services.AddSingleton<EraseRealm>();
        services.AddSingleton(s => new ReadinessCheck("realm feed", _ => s.GetRequiredService<RealmSnapshots>().IsHealthy
            ? Task.CompletedTask
            : throw new InvalidOperationException("No realm in use is current.")));
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddSingleton(s => KeyEncryption.From(s.GetRequiredService<TokenOptions>()));
        services.AddSingleton<SigningKeyStore>();
        services.AddSingleton<EncryptedKeyStore>();
        services.AddSingleton<KeyEventStore>();
        services.AddSingleton<KeyClock>();
        services.AddSingleton<KeyReader>();
        services.AddSingleton<KeyChanges>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<EncryptKeysAnew>();
        services.AddSingleton<EraseEndedKeys>();
        services.AddSingleton<ListKeys>();
        services.AddSingleton<RotateKey>();
        services.AddSingleton<RevokeKey>();
        services.AddSingleton<ListKeyEvents>();
        services.AddSingleton<KeyGrpcService>();
        services.AddSingleton(s => new StartCheck(s.GetRequiredService<EncryptKeysAnew>().CheckAsync));
        services.AddHostedService<KeyCareRounds>();
        services.AddHostedService<KeyFeed>();
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.AddSingleton<AuthenticateClient>();
        services.AddSingleton<AuthenticateRequest>();
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton<ClientCertificates>();
        services.AddSingleton<CertificateAuthentication>();
        services.AddSingleton<MutualTlsMetadata>();
        services.AddSingleton<ClientKeys>();
        services.AddSingleton<UsedJwtStore>();
        services.AddSingleton<UsedJwts>();
        services.AddSingleton<ClientAssertions>();
        services.AddSingleton<DpopKeys>();
        services.AddSingleton<DpopNonces>();
        services.AddSingleton<DpopProofs>();
        services.AddSingleton<ConfirmSender>();
        services.AddSingleton<PresentedTokens>();
        services.AddSingleton<BoundCallers>();
        services.AddSingleton<GrantTable>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<OpaqueTokenStore>();
        services.AddSingleton<OpaqueTokens>();
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<StandingAssertions>();
        services.AddSingleton<RecentTokens>();
        services.AddSingleton<ActiveTokens>();
        services.AddSingleton<IssueToken>();
        services.AddSingleton<IntrospectToken>();
        services.AddSingleton<RevokeToken>();
        services.AddSingleton<TokenMetrics>();
        services.AddSingleton<TokenGrpcService>();
        services.AddSingleton<RevocationStore>();
        services.AddSingleton<Revocations>();
        services.AddHostedService<RevocationFeed>();
    }

    private static void AddPermissions(IServiceCollection services)
    {
        services.AddSingleton<CheckPermission>();
        services.AddSingleton<BatchCheckPermissions>();
        services.AddSingleton<ListPermissions>();
        services.AddSingleton<PermissionGrpcService>();
        services.AddSingleton<AuthorizeRequest>();
        services.AddSingleton<EnvoyGrpcService>();
        services.AddSingleton<LocalAccessTokenAuthorizer>();
        services.AddSingleton<IAccessTokenAuthorizer>(s => s.GetRequiredService<LocalAccessTokenAuthorizer>());
    }

    private static void AddGrants(IServiceCollection services)
    {
        services.AddSingleton<IGrant, ClientCredentialsGrant>();
        services.AddSingleton<IGrant, AuthorizationCodeGrant>();
        services.AddSingleton<IGrant, RefreshTokenGrant>();
        services.AddSingleton<IGrant, DeviceCodeGrant>();
        services.AddSingleton<IGrant, TokenExchangeGrant>();
        services.AddSingleton<IGrant, JwtBearerGrant>();
        services.AddSingleton<AssertionKeys>();
        services.AddSingleton<UsedAssertions>();
        services.AddSingleton<ForeignAssertions>();
        services.AddSingleton<TrustedRealms>();
        services.AddSingleton<PresentedAssertions>();
        services.AddSingleton<AssertedSubjects>();
        services.AddSingleton<RealmSubjectTokens>();
        services.TryAddSingleton<IImpersonationAudit>(
            s => new GrpcImpersonationAudit(s.GetRequiredService<PeerChannels>().Invoker(ServiceNames.RealmAdmin)));
        services.AddSingleton<AuthorizationCodeStore>();
        services.AddSingleton<RefreshTokenStore>();
        services.AddSingleton<NewGrants>();
        services.AddSingleton<LiveRefreshTokens>();
        services.AddSingleton<UserTokens>();
        services.AddSingleton<UserGrantStore>();
        services.AddSingleton<ListGrants>();
        services.AddSingleton<RevokeGrants>();
        services.AddSingleton(TokenTables.All);
        services.AddSingleton<ExpiredRows>();
        services.AddHostedService<ExpiredRowsSweep>();
    }

    private static void AddOAuth(IServiceCollection services)
    {
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<PermittedCallers>();
        services.AddSingleton<SignedIntrospection>();
        services.AddSingleton<IntrospectionEndpoint>();
        services.AddSingleton<RevocationEndpoint>();
        services.AddSingleton<PushedAuthorizationEndpoint>();
        services.AddSingleton<DeviceAuthorizationEndpoint>();
        services.AddSingleton<JwksEndpoint>();
        services.AddSingleton<MetadataEndpoint>();
        services.AddSingleton<RequestedRealm>();
        services.AddSingleton<CrossOrigin>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<OAuthRoutes>();
    }

    private static void AddRegistration(IServiceCollection services)
    {
        services.TryAddSingleton<IClientRegistrations>(
            s => new GrpcClientRegistrations(s.GetRequiredService<PeerChannels>().Invoker(ServiceNames.RealmAdmin)));
        services.AddSingleton<RegisteringRealms>();
        services.AddSingleton<RegistrationEndpoint>();
        services.AddSingleton<RegisteredClientEndpoint>();
        services.AddSingleton<ClientUses>();
        services.AddSingleton<ReportClientUses>();
        services.AddHostedService(s => s.GetRequiredService<ReportClientUses>());
    }
}
