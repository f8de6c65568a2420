using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Http;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>
/// The first to see a request, so that every answer of an HTTP listener has its headers. It finds what is asked for all the time by its whole path, before
/// routing takes that apart: that was a twentieth of an introspection. Whatever is not such a path, to the letter, is routed as ever, and may still come out
/// at the same endpoint.
/// </summary>
internal sealed class DirectRoutes(IEndpointRouteBuilder routes, IOptions<ListenSettings> listen, RequestDelegate next)
{
    // Endpoints are mapped after this is made, and complete when the first request comes.
    private readonly Lazy<Table> _direct = new(() => new(routes));

    public Task InvokeAsync(HttpContext context)
    {
        var surface = Surface.Of(context);
        if (surface is { IsHttp: true })
        {
            SecurityHeaders.SetDefaults(context.Response, listen.Value.BehindTlsProxy);
        }

        if ((surface == Surface.Grpc ? FindCall(context.Request) : FindOfRealm(context.Request)) is not { } endpoint)
        {
            return next(context);
        }

        // For whoever measures requests by their endpoints.
        context.SetEndpoint(endpoint);
        return endpoint.RequestDelegate!(context);
    }

    private RouteEndpoint? FindCall(HttpRequest request) =>
        request.Path.Value is { } path && HttpMethods.IsPost(request.Method) && _direct.Value.Calls.TryGetValue(path, out var endpoint) ? endpoint : null;

    /// <summary>Puts the realm where routing would.</summary>
    private RouteEndpoint? FindOfRealm(HttpRequest request)
    {
        if (request.Path.Value is not { } path || !path.StartsWith(RealmRoute.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var realmId = path.AsSpan(RealmRoute.Prefix.Length);
        var end = realmId.IndexOf('/');
        if (end <= 0 || !_direct.Value.OfRealms.TryGetValue(realmId[end..], out var endpoint))
        {
            return null;
        }

        RealmRoute.Set(request, realmId[..end].ToString());
        return endpoint;
    }

    private sealed class Table
    {
        public Table(IEndpointRouteBuilder routes)
        {
            var direct = routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<DirectRouteMark>() is not null)
                .ToLookup(endpoint => endpoint.RoutePattern.RawText!.StartsWith(RealmRoute.Pattern, StringComparison.Ordinal));
            Calls = direct[false].ToFrozenDictionary(endpoint => endpoint.RoutePattern.RawText!, StringComparer.Ordinal);
            OfRealms = direct[true].ToFrozenDictionary(endpoint => endpoint.RoutePattern.RawText![RealmRoute.Pattern.Length..], StringComparer.Ordinal)
                .GetAlternateLookup<ReadOnlySpan<char>>();
        }

        /// <summary>gRPC methods, by path.</summary>
        public FrozenDictionary<string, RouteEndpoint> Calls { get; }

        /// <summary>Endpoints that every realm has, for all methods, by what follows the realm.</summary>
        public FrozenDictionary<string, RouteEndpoint>.AlternateLookup<ReadOnlySpan<char>> OfRealms { get; }
    }
}

/// <summary>On endpoints that <see cref="DirectRoutes"/> finds: their paths are fixed, or fixed below the realm's.</summary>
public sealed class DirectRouteMark
{
    public static readonly DirectRouteMark Instance = new();
}
