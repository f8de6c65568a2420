using Pltfrms.Iam.Consent.Delegations;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Consent.Remote;
using Pltfrms.Iam.Consent.SelfService;

namespace Pltfrms.Iam.Consent;

/// <summary>Composes what the HTTP listener answers.</summary>
internal static class ConsentPages
{
    public static void AddConsentPages(this IServiceCollection services)
    {
        services.AddSingleton<PageRoutes>();
        services.AddSingleton<FormProofs>();
        services.AddSingleton<WayBack>();
        services.AddSingleton<PageChallenges>();
        services.AddSingleton<ChallengeEndpoint>();
        services.AddSingleton<DecisionEndpoint>();

        services.AddSingleton<RefuseChallenge>();
        services.AddSingleton<RemoteConsentKeys>();
        services.AddSingleton<RemoteKeySets>();
        services.AddSingleton<RemoteRequests>();
        services.AddSingleton<RemoteAnswers>();
        services.AddSingleton<RemoteAnswerEndpoint>();
        services.AddSingleton<RemoteKeysEndpoint>();

        services.AddSingleton<SelfServiceStore>();
        services.AddSingleton<StartSelfService>();
        services.AddSingleton<FinishSelfService>();
        services.AddSingleton<SelfServiceActions>();
        services.AddSingleton<Visits>();
        services.AddSingleton<SelfServiceTokens>();
        services.AddSingleton<VisitEndpoint>();
        services.AddSingleton<ApplicationsEndpoint>();
        services.AddSingleton<ApplicationEndpoint>();
        services.AddSingleton<ReceiptsEndpoint>();
        services.AddSingleton<UserDelegations>();
        services.AddSingleton<DelegationsEndpoint>();
    }

    public static void MapConsentPages(this WebApplication app)
    {
        var routes = app.Services.GetRequiredService<PageRoutes>();
        var answer = app.Services.GetRequiredService<RemoteAnswerEndpoint>();
        var applications = app.Services.GetRequiredService<ApplicationsEndpoint>();
        var application = app.Services.GetRequiredService<ApplicationEndpoint>();
        routes.Map(app, ChallengeEndpoint.Path, (HttpMethods.Get, app.Services.GetRequiredService<ChallengeEndpoint>().HandleAsync));
        routes.Map(app, DecisionEndpoint.Path, (HttpMethods.Post, app.Services.GetRequiredService<DecisionEndpoint>().HandleAsync));
        routes.Map(app, RemoteKeysEndpoint.Path, (HttpMethods.Get, app.Services.GetRequiredService<RemoteKeysEndpoint>().HandleAsync));
        routes.Map(app, RemoteAnswerEndpoint.Path, (HttpMethods.Get, answer.HandleAsync), (HttpMethods.Post, answer.HandleAsync));
        routes.Map(app, VisitEndpoint.Path, (HttpMethods.Get, app.Services.GetRequiredService<VisitEndpoint>().HandleAsync));
        routes.Map(app, ApplicationsEndpoint.Path, (HttpMethods.Get, applications.GetAsync), (HttpMethods.Post, applications.PostAsync));
        routes.Map(app, ReceiptsEndpoint.Path, (HttpMethods.Get, app.Services.GetRequiredService<ReceiptsEndpoint>().HandleAsync));
        routes.Map(app, ApplicationEndpoint.Path, (HttpMethods.Patch, application.PatchAsync), (HttpMethods.Delete, application.DeleteAsync));
        var delegations = app.Services.GetRequiredService<DelegationsEndpoint>();
        routes.Map(app, DelegationsEndpoint.Path, (HttpMethods.Get, delegations.GetAsync), (HttpMethods.Post, delegations.PostAsync));
        routes.Map(app, DelegationsEndpoint.OnePath, (HttpMethods.Delete, delegations.DeleteAsync));
        routes.MapRest(app);
    }
}
