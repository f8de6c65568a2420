using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pltfrms.Iam.Common.Hosting.DirectCalls;

/// <summary>
/// Finds the methods that run straight on Kestrel by their whole path, before routing takes it apart: that was a twentieth of an introspection. Whatever is
/// not such a call, to the letter, is routed as ever, and may still come out at the same endpoint.
/// </summary>
internal sealed class DirectCallRoutes(IEndpointRouteBuilder routes, RequestDelegate next)
{
    // Endpoints are mapped after this is made, and complete when the first request comes.
    private readonly Lazy<FrozenDictionary<string, RouteEndpoint>> _direct = new(() => routes.DataSources
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<DirectCallMark>() is not null)
        .ToFrozenDictionary(endpoint => endpoint.RoutePattern.RawText!, StringComparer.Ordinal));

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Value is not { } path
            || !_direct.Value.TryGetValue(path, out var endpoint)
            || context.Features.Get<Surface>() != Surface.Grpc
            || !HttpMethods.IsPost(context.Request.Method))
        {
            return next(context);
        }

        // For whoever measures requests by their endpoints.
        context.SetEndpoint(endpoint);
        return endpoint.RequestDelegate!(context);
    }
}

/// <summary>On endpoints that <see cref="DirectCallRoutes"/> finds.</summary>
internal sealed class DirectCallMark;
