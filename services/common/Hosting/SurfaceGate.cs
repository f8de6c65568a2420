using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>gRPC methods answer on the gRPC listener only, REST endpoints on the HTTP listener only; elsewhere they do not exist.</summary>
internal static class SurfaceGate
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var isGrpcMethod = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;
        var surface = context.Features.Get<Surface>();
        if (isGrpcMethod == (surface == Surface.Grpc))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
