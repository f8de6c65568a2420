using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting.DirectCalls;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Maps gRPC services of ours.</summary>
public static class GrpcServiceExtensions
{
    private static readonly RpcException Unreadable = RichStatus.ToRpcException(
        new IamException(ErrorReason.InvalidArgument, "The body is not one message of the method's request type."));

    /// <summary>
    /// Maps a service. The framework reads messages before anybody of ours is asked, and says UNKNOWN or INTERNAL of what it cannot read, as if it
    /// were to blame; its callers are told INVALID_ARGUMENT, with the details that every refusal has.
    /// </summary>
    public static void MapGrpc<TService>(this IEndpointRouteBuilder app)
        where TService : class =>
        app.MapGrpcService<TService>().Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<GrpcMethodMetadata>().Any() && endpoint.RequestDelegate is { } usual)
            {
                endpoint.RequestDelegate = context => AnswerAsync(context, usual);
            }
        });

    private static async Task AnswerAsync(HttpContext context, RequestDelegate usual)
    {
        await usual(context);
        if (!context.Response.HasStarted && GrpcTrailers.IsWithoutDetails(context.Response, StatusCode.Unknown, StatusCode.Internal))
        {
            GrpcTrailers.Refuse(context.Response, Unreadable);
        }
    }
}
