using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pipeline;
using Pltfrms.Iam.Consent.Realms;
using Pltfrms.Iam.Consent.Receipts;
using Pltfrms.Iam.Consent.Revocation;
using Pltfrms.Iam.Consent.Storage;
using Pltfrms.Iam.Consent.Users;

namespace Pltfrms.Iam.Consent;

/// <summary>Composes the consent service.</summary>
public static class ConsentHost
{
    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?> settings) => Build(args, settings, _ => { });

    /// <param name="args">The command line.</param>
    /// <param name="settings">What the suite and tests set.</param>
    /// <param name="replace">Replaces parts of the outside world: the clock, where realms come from.</param>
    internal static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection> replace)
    {
        StoredTypes.Register();
        var builder = ServiceHost.CreateBuilder(ServiceNames.Consent, args, settings);
        builder.AddRemoteAccessTokens();
        builder.AddRealmFeed();
        builder.AddSettings<ConsentOptions, ConsentOptionsValidator>(ConsentOptions.Section);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<ConsentOptions>>().Value);
        builder.Services.AddSingleton<ConsentCallers>();
        AddDialog(builder.Services);
        builder.Services.AddConsentPages();
        AddConsents(builder.Services);
        AddBackground(builder.Services);
        replace(builder.Services);

        var app = builder.Build();
        ServiceHost.MapWellknown(app);
        app.MapGrpc<ConsentGrpcService>();
        app.MapGrpc<RealmErasureGrpcService>();
        app.MapConsentPages();
        return app;
    }

    /// <summary>The database that the service would use, as it is: nothing is made or migrated.</summary>
    internal static IDatabase OpenDatabase(string[] args)
    {
        StoredTypes.Register();
        var services = ServiceHost.CreateBuilder(ServiceNames.Consent, args, new Dictionary<string, string?>()).Build().Services;
        var settings = services.GetRequiredService<IOptions<DatabaseSettings>>().Value;
        return settings.Engine == "sqlite" && !File.Exists(settings.File)
            ? throw new FileNotFoundException($"Database:File: {Path.GetFullPath(settings.File!)} does not exist.")
            : services.GetRequiredService<IDatabase>();
    }

    private static void AddDialog(IServiceCollection services)
    {
        services.AddSingleton<ConsentStore>();
        services.AddSingleton<ChallengeStore>();
        services.AddSingleton<AuthorizationStore>();
        services.AddSingleton<DialogStores>();
        services.AddSingleton<ConsentPlaces>();
        services.AddSingleton<StartConsent>();
        services.AddSingleton<FinishConsent>();
        services.AddSingleton<GetChallenge>();
        services.AddSingleton<SubmitDecision>();
        services.AddSingleton<DialogActions>();
    }

    private static void AddConsents(IServiceCollection services)
    {
        services.AddSingleton<ReceiptStore>();
        services.AddSingleton<GrantRevocationStore>();
        services.AddSingleton<TokenGrants>();
        services.AddSingleton<WriteReceipt>();
        services.AddSingleton<RevokeAccess>();
        services.AddSingleton<RecordDecisions>();
        services.AddSingleton<ListConsents>();
        services.AddSingleton<ChangeConsent>();
        services.AddSingleton<RevokeConsents>();
        services.AddSingleton<ListApplications>();
        services.AddSingleton<ListReceipts>();
        services.AddSingleton<ConsentActions>();
        services.AddSingleton<ExplainScopes>();
        services.AddSingleton<ExplainAuthorization>();
        services.AddSingleton<ExplainActions>();
    }

    private static void AddBackground(IServiceCollection services)
    {
        services.AddSingleton<AnchorReceipts>();
        services.AddSingleton<ForgetUsers>();
        services.AddSingleton(ConsentTables.OfRealms);
        services.AddSingleton<RealmRows>();
        services.AddSingleton<EraseRealm>();
        services.AddSingleton(ConsentTables.All);
        services.AddSingleton<ExpiredRows>();
        services.AddHostedService<RevocationWorker>();
        services.AddSingleton<IHostedService>(p => Rounds(
            p, "anchor receipts", p.GetRequiredService<ConsentOptions>().AnchorInterval, p.GetRequiredService<AnchorReceipts>().RunAsync));
        services.AddSingleton<IHostedService>(p => Rounds(
            p, "forget users", p.GetRequiredService<ConsentOptions>().UserSweepInterval, p.GetRequiredService<ForgetUsers>().RunAsync));
        services.AddHostedService<ExpiredRowsSweep>();
    }

    private static BackgroundRounds Rounds(IServiceProvider services, string name, TimeSpan interval, Func<CancellationToken, Task> round) =>
        new(name, interval, round, services.GetRequiredService<ILogger<BackgroundRounds>>());
}
