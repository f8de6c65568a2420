using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pipeline;
using Pltfrms.Iam.Consent.Storage;

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
        builder.Services.AddSingleton<ListConsents>();
        builder.Services.AddSingleton<ExplainScopes>();
        AddDialog(builder.Services);
        replace(builder.Services);

        var app = builder.Build();
        ServiceHost.MapWellknown(app);
        app.MapGrpcService<ConsentGrpcService>();
        return app;
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
}
