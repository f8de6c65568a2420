using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>The Authorization API 1.0 of AuthZEN, over REST.</summary>
public static class AuthZenExtensions
{
    private static readonly string[] Post = ["POST"];
    private static readonly string[] Get = ["GET", "HEAD"];

    public static void AddAuthZen(this IServiceCollection services)
    {
        services.AddSingleton<EvaluateAccess>();
        services.AddSingleton<SearchAccess>();
        services.AddSingleton<EvaluationEndpoint>();
        services.AddSingleton<EvaluationsEndpoint>();
        services.AddSingleton<SubjectSearchEndpoint>();
        services.AddSingleton<ResourceSearchEndpoint>();
        services.AddSingleton<ActionSearchEndpoint>();
        services.AddSingleton<ConfigurationEndpoint>();
    }

    public static void MapAuthZen(this WebApplication app)
    {
        var routes = app.Services.GetRequiredService<OAuthRoutes>();
        Map(EvaluationEndpoint.Path, app.Services.GetRequiredService<EvaluationEndpoint>().HandleAsync);
        Map(EvaluationsEndpoint.Path, app.Services.GetRequiredService<EvaluationsEndpoint>().HandleAsync);
        Map(SubjectSearchEndpoint.Path, app.Services.GetRequiredService<SubjectSearchEndpoint>().HandleAsync);
        Map(ResourceSearchEndpoint.Path, app.Services.GetRequiredService<ResourceSearchEndpoint>().HandleAsync);
        Map(ActionSearchEndpoint.Path, app.Services.GetRequiredService<ActionSearchEndpoint>().HandleAsync);
        routes.MapMetadata(app, ConfigurationEndpoint.Path, Get, app.Services.GetRequiredService<ConfigurationEndpoint>().HandleAsync);

        void Map(string path, RequestDelegate handle) => routes.Map(app, path, Post, handle, begin: RequestIdentifier.Echo);
    }
}
