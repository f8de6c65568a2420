using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Registration;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The REST facade's addresses (design section 8), and what holds for every one of them.</summary>
public sealed class OAuthRoutes(RequestedRealm realms, CrossOrigin origins, RateLimits limits, RouteGuard guard)
{
    private const string Metadata = "/.well-known/oauth-authorization-server";

    private static readonly string[] Post = ["POST"];
    private static readonly string[] Get = ["GET", "HEAD"];
    private static readonly string[] GetPutDelete = ["GET", "PUT", "DELETE"];

    public static void Map(WebApplication app)
    {
        var routes = app.Services.GetRequiredService<OAuthRoutes>();
        var metadata = app.Services.GetRequiredService<MetadataEndpoint>();
        routes.Map(app, "/oauth2/token", Post, app.Services.GetRequiredService<TokenEndpoint>().HandleAsync, isShared: true);
        routes.Map(app, "/oauth2/introspect", Post, app.Services.GetRequiredService<IntrospectionEndpoint>().HandleAsync);
        routes.Map(app, "/oauth2/revoke", Post, app.Services.GetRequiredService<RevocationEndpoint>().HandleAsync, isShared: true);
        routes.Map(app, "/oauth2/par", Post, app.Services.GetRequiredService<PushedAuthorizationEndpoint>().HandleAsync, isLimited: true);
        routes.Map(app, "/oauth2/device_authorization", Post, app.Services.GetRequiredService<DeviceAuthorizationEndpoint>().HandleAsync, isLimited: true);
        routes.MapRegistration(app, RegistrationEndpoint.Path, RegistrationEndpoint.Path, Post, app.Services.GetRequiredService<RegistrationEndpoint>().HandleAsync);
        routes.MapRegistration(app, RegisteredClientEndpoint.Path, "", GetPutDelete, app.Services.GetRequiredService<RegisteredClientEndpoint>().HandleAsync);
        routes.Map(app, "/oauth2/jwks", Get, app.Services.GetRequiredService<JwksEndpoint>().HandleAsync, isShared: true);
        routes.MapMetadata(app, Metadata, Get, metadata.HandleAsync);
        app.MapFallback("{**path}", context => routes.GuardAsync(context, _ => throw RequestedRealm.NotOffered()));
    }

    /// <summary>The realm that the request is for.</summary>
    public static string RealmOf(HttpContext context) => RequestedRealm.Of(context);

    /// <summary>A well-known address: below the realm's path, at the root for realms with a host name of their own, and with the realm's path after it (RFC 8414 section 3.1).</summary>
    internal void MapMetadata(WebApplication app, string path, string[] methods, RequestDelegate handle)
    {
        Map(app, path, methods, handle, isShared: true);
        MapAt(app, path + RealmRoute.Pattern, ending: "", methods, handle, isShared: true);
    }

    /// <summary>Below the realm's path, and at the root for realms with a host name of their own.</summary>
    /// <param name="app">The service.</param>
    /// <param name="path">Below the issuer.</param>
    /// <param name="methods">Those that it supports.</param>
    /// <param name="handle">The endpoint.</param>
    /// <param name="isShared">Whether web pages of registered origins may call it (CORS).</param>
    /// <param name="isLimited">Whether one source address can call it only so often: it writes before anybody has proved anything.</param>
    /// <param name="begin">What every answer has, a refusal too.</param>
    internal void Map(
        WebApplication app, string path, string[] methods, RequestDelegate handle, bool isShared = false, bool isLimited = false, Action<HttpContext>? begin = null)
    {
        MapAt(app, RealmRoute.Pattern + path, ending: path, methods, handle, isShared, isLimited, begin);
        MapAt(app, path, ending: path, methods, handle, isShared, isLimited, begin);
    }

    /// <summary>Only in realms that register clients; elsewhere there is nothing at these addresses, whatever the method.</summary>
    private void MapRegistration(WebApplication app, string path, string ending, string[] methods, RequestDelegate handle)
    {
        var registering = app.Services.GetRequiredService<RegisteringRealms>();
        var allow = AllowOf(methods);
        foreach (var pattern in new[] { RealmRoute.Pattern + path, path })
        {
            app.Map(pattern, context => GuardAsync(context, async c =>
            {
                await realms.RequireAsync(c, ending);
                await registering.RequireAsync(c);
                limits.RequireAddress(c);
                await HandleAsync(c, methods, allow, handle);
            }));
        }
    }

    /// <summary>All methods are routed here, so that a wrong one gets an answer of ours and not an empty one of the framework.</summary>
    /// <remarks>The ending is how paths end, to the letter.</remarks>
    private void MapAt(
        WebApplication app,
        string pattern,
        string ending,
        string[] methods,
        RequestDelegate handle,
        bool isShared = false,
        bool isLimited = false,
        Action<HttpContext>? begin = null)
    {
        var allow = AllowOf(methods);
        RequestDelegate answer = async context =>
        {
            begin?.Invoke(context);

            // Before anything else is said about the request.
            await realms.RequireAsync(context, ending);
            if (isShared)
            {
                await origins.AllowAsync(context, allow);
            }

            if (isLimited)
            {
                limits.RequireAddress(context);
            }

            await HandleAsync(context, methods, allow, handle);
        };
        var endpoint = app.Map(pattern, context => GuardAsync(context, answer));
        if (pattern == RealmRoute.Pattern + ending)
        {
            endpoint.WithMetadata(DirectRouteMark.Instance);
        }
    }

    /// <summary>Every refusal leaves as RFC 6749's JSON.</summary>
    private Task GuardAsync(HttpContext context, RequestDelegate handle) => guard.RunAsync(context, handle, OAuthErrorWriter.WriteAsync);

    private static string AllowOf(string[] methods) => string.Join(", ", [.. methods, "OPTIONS"]);

    private static async Task HandleAsync(HttpContext context, string[] methods, string allow, RequestDelegate handle)
    {
        if (methods.Contains(context.Request.Method, StringComparer.Ordinal))
        {
            await handle(context);
            return;
        }

        context.Response.Headers.Allow = allow;
        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            throw new IamException(ErrorReason.MethodNotAllowed, $"The endpoint supports {allow}.");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
