using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Account;
using Pltfrms.Iam.Token.Conformance;
using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Login;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Sessions;
using Pltfrms.Iam.Token.Upstream;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>The addresses that users' browsers come to. A refusal leaves as a redirect to the client where that is safe, else as a page.</summary>
public sealed class BrowserRoutes(RequestedRealm realms, RateLimits limits, RouteGuard guard)
{
    private static readonly string[] GetAndPost = ["GET", "HEAD", "POST"];
    private static readonly string[] Get = ["GET", "HEAD"];
    private static readonly string[] Post = ["POST"];

    public static void Map(WebApplication app)
    {
        var routes = app.Services.GetRequiredService<BrowserRoutes>();
        routes.Map(app, BrowserAddresses.AuthorizePath, GetAndPost, app.Services.GetRequiredService<AuthorizeEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.ResumePath, Get, app.Services.GetRequiredService<ResumeEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.LoginPath, Post, app.Services.GetRequiredService<LoginEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.UpstreamPath, Get, app.Services.GetRequiredService<UpstreamCallbackEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.OrganizationPath, Post, app.Services.GetRequiredService<OrganizationEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.LogoutPath, GetAndPost, app.Services.GetRequiredService<LogoutEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.DevicePath, GetAndPost, app.Services.GetRequiredService<DeviceEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.ApplicationsPath, Get, app.Services.GetRequiredService<ApplicationsEndpoint>().HandleAsync);
        routes.Map(app, ConformanceEndpoint.Path, Get, app.Services.GetRequiredService<ConformanceEndpoint>().HandleAsync);
    }

    /// <summary>Below the realm's path, and at the root for realms with a host name of their own.</summary>
    private void Map(WebApplication app, string path, string[] methods, RequestDelegate handle)
    {
        RequestDelegate guarded = context => guard.RunAsync(context, c => HandleAsync(c, path, methods, handle), ErrorPage.WriteAsync);
        app.Map(RealmRoute.Pattern + path, guarded);
        app.Map(path, guarded);
    }

    private async Task HandleAsync(HttpContext context, string path, string[] methods, RequestDelegate handle)
    {
        await realms.RequireAsync(context, path);
        limits.RequireAddress(context);
        if (!methods.Contains(context.Request.Method, StringComparer.Ordinal))
        {
            context.Response.Headers.Allow = string.Join(", ", methods);
            throw new IamException(ErrorReason.MethodNotAllowed, $"The page supports {string.Join(", ", methods)}.");
        }

        try
        {
            await handle(context);
        }
        catch (AuthorizationRefusedException exception)
        {
            guard.Note(context, exception.Refusal);
            await AuthorizationAnswerWriter.WriteAsync(context, AuthorizationAnswer.Refusal(exception.Target, exception.Refusal));
        }
    }
}
