using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Telemetry;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Login;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>The addresses that users' browsers come to. A refusal leaves as a redirect to the client where that is safe, else as a page.</summary>
public sealed class BrowserRoutes(RequestedRealm realms, RateLimits limits, ServiceTelemetry telemetry, ILogger<BrowserRoutes> log)
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
        routes.Map(app, BrowserAddresses.OrganizationPath, Post, app.Services.GetRequiredService<OrganizationEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.LogoutPath, GetAndPost, app.Services.GetRequiredService<LogoutEndpoint>().HandleAsync);
        routes.Map(app, BrowserAddresses.DevicePath, GetAndPost, app.Services.GetRequiredService<DeviceEndpoint>().HandleAsync);
    }

    /// <summary>Below the realm's path, and at the root for realms with a host name of their own.</summary>
    private void Map(WebApplication app, string path, string[] methods, RequestDelegate handle)
    {
        app.Map($"/realms/{{realm}}{path}", context => GuardAsync(context, c => HandleAsync(c, methods, handle)));
        app.Map(path, context => GuardAsync(context, c => HandleAsync(c, methods, handle)));
    }

    private async Task HandleAsync(HttpContext context, string[] methods, RequestDelegate handle)
    {
        await realms.RequireAsync(context);
        limits.RequireAddress(context);
        if (!methods.Contains(context.Request.Method, StringComparer.Ordinal))
        {
            context.Response.Headers.Allow = string.Join(", ", methods);
            throw new IamException(ErrorReason.MethodNotAllowed, $"The page supports {string.Join(", ", methods)}.");
        }

        await handle(context);
    }

    private async Task GuardAsync(HttpContext context, RequestDelegate handle)
    {
        try
        {
            await handle(context);
        }
        catch (AuthorizationRefusedException exception)
        {
            Note(context, exception.Refusal);
            await AuthorizationAnswerWriter.WriteAsync(context, AuthorizationAnswer.Refusal(exception.Target, exception.Refusal));
        }
        catch (IamException exception)
        {
            await RefuseAsync(context, exception);
        }
        catch (BadHttpRequestException exception)
        {
            var reason = exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorReason.RequestTooLarge : ErrorReason.InvalidRequest;
            await RefuseAsync(context, new IamException(reason, "The request's body cannot be read.", exception));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            log.PageFailed(exception, context.Request.Path);
            await RefuseAsync(context, new IamException(ErrorReason.Internal, "The server failed; its log has the details.", exception));
        }
    }

    private Task RefuseAsync(HttpContext context, IamException refusal)
    {
        Note(context, refusal);
        return ErrorPage.WriteAsync(context, refusal);
    }

    private void Note(HttpContext context, IamException refusal)
    {
        var reason = RichStatus.NameOf(refusal.Reason);
        telemetry.CountRefusal((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "", reason);
        log.PageRefused(context.Request.Path.Value ?? "", reason, refusal.Message);
    }
}
