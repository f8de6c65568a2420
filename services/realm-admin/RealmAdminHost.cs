using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Access;
using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Clients;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Delegations;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Feed;
using Pltfrms.Iam.RealmAdmin.Groups;
using Pltfrms.Iam.RealmAdmin.Organizations;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Plans;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Registration;
using Pltfrms.Iam.RealmAdmin.ResourceServers;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Roles;
using Pltfrms.Iam.RealmAdmin.Scopes;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.Users;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin;

/// <summary>Composes the realm-admin service.</summary>
public static class RealmAdminHost
{
    // The largest document and what its request adds to it; a larger one is refused before it is read.
    private const int LargestImport = RealmDocumentReader.LargestDocument + 4_096;

    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?> settings)
    {
        var builder = ServiceHost.CreateBuilder(ServiceNames.RealmAdmin, args, settings);
        builder.AddRemoteAccessTokens();
        builder.AddOptionalPeer(ServiceNames.Consent);
        builder.AddSettings<ErasureSettings>(ErasureSettings.Section);
        builder.AddSettings<PollSettings>(PollSettings.Section);
        builder.AddSettings<PlatformSettings, PlatformSettingsValidator>(PlatformSettings.Section);
        builder.AddSecrets();
        AddStores(builder.Services);
        AddActions(builder.Services);
        AddFeed(builder.Services);
        AddRegistration(builder.Services);
        // Makes an Activity for every call, traced by the caller or not: its id goes into the audit trail.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Critical);
        builder.Services.AddGrpc().AddServiceOptions<RealmGrpcService>(options => options.MaxReceiveMessageSize = LargestImport);

        var app = builder.Build();
        ServiceHost.MapWellknown(app);
        MapServices(app);
        return app;
    }

    /// <summary>The database that the service would use, as it is: nothing is made or migrated.</summary>
    internal static IDatabase OpenDatabase(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(ServiceNames.RealmAdmin, args, new Dictionary<string, string?>());
        StoredTypes.Register();
        var services = builder.Build().Services;
        var settings = services.GetRequiredService<IOptions<DatabaseSettings>>().Value;
        return settings.Engine == "sqlite" && !File.Exists(settings.File)
            ? throw new FileNotFoundException($"Database:File: {Path.GetFullPath(settings.File!)} does not exist.")
            : services.GetRequiredService<IDatabase>();
    }

    private static void AddStores(IServiceCollection services)
    {
        StoredTypes.Register();
        services.AddSingleton<RealmStore>();
        services.AddSingleton<RealmTables>();
        services.AddSingleton<ChangeLogStore>();
        services.AddSingleton<ClientStore>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<RoleBindingStore>();
        services.AddSingleton<DelegationStore>();
        services.AddSingleton<RequestLogStore>();
        services.AddSingleton<ResourceIdStore>();
        services.AddSingleton<ErasureStore>();
        services.AddSingleton<AccessTables>();
        services.AddSingleton<RealmHostStore>();
        AddReader(services, ResourceKind.Client, new ClientStore());
        AddReader(services, ResourceKind.ResourceServer, new ResourceServerStore());
        AddReader(services, ResourceKind.Scope, new ScopeStore());
        AddReader(services, ResourceKind.Role, new RoleStore());
        AddReader(services, ResourceKind.Group, new GroupStore());
        AddReader(services, ResourceKind.Organization, new OrganizationStore());
        AddReader(services, ResourceKind.User, new UserStore());
        AddReader(services, ResourceKind.RoleBinding, new RoleBindingStore());
        AddReader(services, ResourceKind.Delegation, new DelegationStore());
    }

    private static void AddReader<T>(IServiceCollection services, ResourceKind kind, IResourceStore<T> store)
        where T : class, IRealmResource =>
        services.AddSingleton(provider => new ResourceReader<T>(
            kind, store, provider.GetRequiredService<RealmStore>(), provider.GetRequiredService<HoldingsReader>(), provider.GetRequiredService<IDatabase>()));

    private static void AddActions(IServiceCollection services)
    {
        services.AddSingleton(provider => new PlatformRealm(provider.GetRequiredService<IOptions<PlatformSettings>>().Value.RealmId));
        services.AddSingleton<AdminGate>();
        services.AddSingleton<HoldingsReader>();
        services.AddSingleton<Sights>();
        services.AddSingleton<ReadRealms>();
        services.AddSingleton<ImportRealm>();
        services.AddSingleton<ExportRealm>();
        services.AddSingleton<LiveGrants>();
        services.AddSingleton<EffectOfChanges>();
        services.AddSingleton<PlanImport>();
        services.AddSingleton<RealmDocuments>();
        services.AddSingleton<PreviewWrites>();
        services.AddSingleton<ListEffectivePermissions>();
        services.AddSingleton<ListPrincipalsWithPermission>();
        services.AddSingleton<ChangeRealms>();
        services.AddSingleton<RetriedWrites>();
        services.AddSingleton<ResourceCheck>();
        services.AddSingleton<Referrers>();
        services.AddSingleton<RemoveResource>();
        services.AddSingleton<WriteResources>();
        services.AddSingleton<ClientSecrets>();
        services.AddSingleton<RealmWrites>();
        services.AddSingleton<ResolveUser>();
        services.AddSingleton<ListOwnDelegations>();
        services.AddSingleton<GrantOwnDelegation>();
        services.AddSingleton<RevokeOwnDelegation>();
        services.AddSingleton<OwnDelegations>();
        services.AddSingleton<ListEvents>();
        services.AddSingleton<WatchEvents>();
        services.AddSingleton<AnchorChain>();
        services.AddSingleton<RecordImpersonation>();
        services.AddSingleton<ErasurePeers>();
        services.AddHostedService<EraseRealms>();
    }

    private static void AddFeed(IServiceCollection services)
    {
        services.AddSingleton<WatchedRealms>();
        services.AddSingleton<RealmReader>();
        services.AddSingleton<WatchRealm>();
        services.AddSingleton<ResolveHost>();
        services.AddSingleton<RealmPositionStore>();
        services.AddSingleton<RealmPositions>();
        services.AddSingleton<RealmPoller>();
        services.AddHostedService(provider => provider.GetRequiredService<RealmPoller>());
        services.AddSingleton<ReplicaNotices>();
        services.AddHostedService<RealmNotices>();
    }

    private static void AddRegistration(IServiceCollection services)
    {
        services.AddSingleton<InitialAccessTokenStore>();
        services.AddSingleton<RegistrationStore>();
        services.AddSingleton<UnusedClientStore>();
        services.AddSingleton<RegistrationStores>();
        services.AddSingleton<RegistrationTables>();
        services.AddSingleton<SoftwareStatements>();
        services.AddSingleton<DecideRegistration>();
        services.AddSingleton<OwnRegistration>();
        services.AddSingleton<RegisterClient>();
        services.AddSingleton<ReadRegistration>();
        services.AddSingleton<UpdateRegistration>();
        services.AddSingleton<DeleteRegistration>();
        services.AddSingleton<RecordClientUse>();
        services.AddSingleton<RegistrationActions>();
        services.AddSingleton<CreateInitialAccessToken>();
        services.AddSingleton<ListInitialAccessTokens>();
        services.AddSingleton<DeleteInitialAccessToken>();
        services.AddSingleton<InitialAccessTokenActions>();
        services.AddSingleton<RemoveUnusedClients>();
        services.AddHostedService<UnusedClientRounds>();
    }

    private static void MapServices(WebApplication app)
    {
        app.MapGrpc<RealmGrpcService>();
        app.MapGrpc<ClientGrpcService>();
        app.MapGrpc<ResourceServerGrpcService>();
        app.MapGrpc<ScopeGrpcService>();
        app.MapGrpc<RoleGrpcService>();
        app.MapGrpc<GroupGrpcService>();
        app.MapGrpc<OrganizationGrpcService>();
        app.MapGrpc<UserGrpcService>();
        app.MapGrpc<RoleBindingGrpcService>();
        app.MapGrpc<DelegationGrpcService>();
        app.MapGrpc<RealmFeedGrpcService>();
        app.MapGrpc<AuditGrpcService>();
        app.MapGrpc<AccessGrpcService>();
        app.MapGrpc<ClientRegistrationGrpcService>();
    }
}
