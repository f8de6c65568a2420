using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>gRPC methods answer on the gRPC listener only, REST endpoints on the HTTP listener only; elsewhere they do not exist.</summary>
internal sealed class SurfaceGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var isGrpcMethod = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;
        var surface = Surface.Of(context);
        if (isGrpcMethod == (surface == Surface.Grpc))
        {
            return next(context);
        }

        var refusal = WireError.For(ErrorReason.NotOffered);
        context.Response.StatusCode = refusal.HttpStatus;
        context.Response.Headers.CacheControl = "no-store";
        return surface is { IsHttp: true }
            ? context.Response.WriteAsJsonAsync(
                new { error = refusal.OAuthError, error_description = "There is nothing at this address." },
                options: null,
                "application/json",
                context.RequestAborted)
            : Task.CompletedTask;
    }
}
