using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>What holds for every address of the HTTP listener: the realm exists, and every refusal leaves as a page or as JSON.</summary>
public sealed class PageRoutes(RealmSnapshots realms, ConsentPlaces places, IOptions<ListenSettings> listen, RouteGuard guard)
{
    /// <summary>The realm that the request's path names.</summary>
    public static string RealmOf(HttpContext context) => RealmRoute.Of(context)!;

    /// <summary>A part of the request's path.</summary>
    public static string Value(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    /// <summary>All methods are routed here, so that a wrong one gets an answer of ours and not an empty one of the framework.</summary>
    public void Map(WebApplication app, string pattern, params ReadOnlySpan<(string Method, RequestDelegate Handle)> handlers)
    {
        var table = new Dictionary<string, RequestDelegate>(StringComparer.Ordinal);
        foreach (var (method, handle) in handlers)
        {
            table[method] = handle;
        }

        if (table.TryGetValue(HttpMethods.Get, out var get))
        {
            table[HttpMethods.Head] = get;
        }

        var allow = string.Join(", ", [.. table.Keys, HttpMethods.Options]);
        app.Map(RealmRoute.Pattern + pattern, context => GuardAsync(context, c => HandleAsync(c, table, allow)));
    }

    /// <summary>What no address of ours answers.</summary>
    public void MapRest(WebApplication app) =>
        app.MapFallback("{**path}", context => GuardAsync(context, _ => throw new IamException(ErrorReason.NotOffered, "There is nothing at this address.")));

    private async Task HandleAsync(HttpContext context, Dictionary<string, RequestDelegate> handlers, string allow)
    {
        var realm = await realms.GetLastKnownAsync(RealmOf(context), context.RequestAborted);
        if (!places.IsHostOf(realm.Realm, RequestHost.Of(context.Request, places.IsSecure(), listen.Value.BehindTlsProxy)))
        {
            throw new IamException(ErrorReason.RealmNotFound, "There is no such realm.");
        }

        if (handlers.TryGetValue(context.Request.Method, out var handle))
        {
            await handle(context);
            return;
        }

        context.Response.Headers.Allow = allow;
        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            throw new IamException(ErrorReason.MethodNotAllowed, $"The address supports {allow}.");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task GuardAsync(HttpContext context, RequestDelegate handle) => guard.RunAsync(context, handle, PageErrors.WriteAsync);
}
