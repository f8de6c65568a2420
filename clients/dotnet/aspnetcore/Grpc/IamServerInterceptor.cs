using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Pltfrms.Iam.Client.AspNetCore.Authentication;
using Pltfrms.Iam.Client.AspNetCore.Authorization;

namespace Pltfrms.Iam.Client.AspNetCore.Grpc;

/// <summary>Decides the permissions whose organization a field of the message names; types what fails of the suite.</summary>
internal sealed class IamServerInterceptor(CallerPermissions permissions) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await DecideAsync(request, context);
        return await TypedAsync(continuation(request, context));
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await DecideAsync(request, context);
        await TypedAsync(continuation(request, responseStream, context));
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        RequireNothingDeferred(context);
        return TypedAsync(continuation(requestStream, context));
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        RequireNothingDeferred(context);
        return TypedAsync(continuation(requestStream, responseStream, context));
    }

    private async Task DecideAsync<TRequest>(TRequest request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (http.Features.Get<IamCaller>() is not { } caller)
        {
            return;
        }
        foreach (var requirement in caller.Deferred)
        {
            var wanted = requirement.Attribute;
            var refusal = OrganizationIn(request, wanted.OrganizationField!) is { Length: > 0 } organizationId
                ? await permissions.RefuseAsync(http, caller, wanted, organizationId)
                : Refusal.Forbidden with { Description = "The request does not say for which organization." };
            if (refusal is not null)
            {
                throw ToException(refusal);
            }
        }
    }

    private static string? OrganizationIn<TRequest>(TRequest request, string field) =>
        request is IMessage message && message.Descriptor.FindFieldByName(field) is { FieldType: FieldType.String, IsRepeated: false } found
            ? (string)found.Accessor.GetValue(message)
            : throw new InvalidOperationException($"{typeof(TRequest).Name} has no text field '{field}' that could name an organization.");

    /// <remarks>What of several messages would be decided is nobody's guess: better no answer than a wrong one.</remarks>
    private static void RequireNothingDeferred(ServerCallContext context)
    {
        if (context.GetHttpContext().Features.Get<IamCaller>() is { Deferred.Count: > 0 })
        {
            throw new InvalidOperationException("OrganizationField is for methods with one request message.");
        }
    }

    private static async Task<TResponse> TypedAsync<TResponse>(Task<TResponse> call)
    {
        await TypedAsync((Task)call);
        return await call;
    }

    private static async Task TypedAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (IamUnavailableException)
        {
            throw ToException(Refusal.Outage);
        }
    }

    private static RpcException ToException(Refusal refusal) => new(
        new Status(refusal.GrpcStatus, refusal.Description),
        new Metadata { { "grpc-status-details-bin", RefusalAnswer.Details(refusal) } });
}
