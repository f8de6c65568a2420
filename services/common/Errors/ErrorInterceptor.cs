using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Telemetry;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Errors;

/// <summary>The one place where what a gRPC method throws becomes what its caller sees.</summary>
internal sealed class ErrorInterceptor(
    IHostApplicationLifetime lifetime, ServiceTelemetry telemetry, ILogger<ErrorInterceptor> logger) : Interceptor
{
    // Health and reflection speak gRPC's own codes.
    private const string Wellknown = "/grpc.";

    private static readonly TimeSpan StreamGrace = TimeSpan.FromSeconds(1);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        // Most calls end without having waited; what an async method throws is in its task, never here.
        var call = continuation(request, context);
        return call.IsCompletedSuccessfully ? call : TranslateAsync(call, context);
    }

    private async Task<TResponse> TranslateAsync<TResponse>(Task<TResponse> call, ServerCallContext context)
    {
        try
        {
            return await call;
        }
        catch (Exception exception) when (!context.Method.StartsWith(Wellknown, StringComparison.Ordinal))
        {
            throw Translate(exception, context);
        }
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        StreamAsync(() => continuation(request, responseStream, context), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        StreamAsync(() => continuation(requestStream, responseStream, context), context);

    private async Task StreamAsync(Func<Task> callAsync, ServerCallContext context)
    {
        // A stream that does not notice the shutdown by itself must not hold it up.
        using var ended = new CancellationTokenSource();
        var http = context.GetHttpContext();
        await using var stop = lifetime.ApplicationStopping.Register(() => _ = AbortSoonAsync(http, ended.Token));
        try
        {
            await callAsync();
        }
        catch (Exception exception) when (!context.Method.StartsWith(Wellknown, StringComparison.Ordinal))
        {
            throw Translate(exception, context);
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private static async Task AbortSoonAsync(HttpContext http, CancellationToken ended)
    {
        await Task.Delay(StreamGrace, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    /// <summary>What the caller sees instead of what was thrown; refusals are logged and counted here.</summary>
    internal RpcException Translate(Exception exception, ServerCallContext context)
    {
        if (context.CancellationToken.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The caller is gone or its deadline has passed; nobody is refused.
            return new RpcException(context.Deadline != DateTime.MaxValue && !IsDisconnected(context)
                ? new Status(StatusCode.DeadlineExceeded, "The call's deadline has passed.")
                : Status.DefaultCancelled);
        }

        var refusal = exception switch
        {
            IamException e => e,
            OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested =>
                new IamException(ErrorReason.ServiceUnavailable, "The server is shutting down.", exception),
            RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded } =>
                new IamException(ErrorReason.ServiceUnavailable, "Another service of the suite does not answer.", exception),
            _ => new IamException(ErrorReason.Internal, "The server failed; its log has the details.", exception),
        };
        Record(refusal, context);
        return RichStatus.ToRpcException(refusal);
    }

    private static bool IsDisconnected(ServerCallContext context) =>
        context.GetHttpContext().RequestAborted.IsCancellationRequested;

    private void Record(IamException refusal, ServerCallContext context)
    {
        var reason = RichStatus.NameOf(refusal.Reason);
        telemetry.CountRefusal(context.Method, reason);
        if (refusal.Reason == ErrorReason.Internal)
        {
            logger.Failed(context.Method, Activity.Current?.TraceId.ToHexString() ?? context.GetHttpContext().TraceIdentifier, refusal.InnerException ?? refusal);
            return;
        }

        var caller = CallerGate.CallerOf(context);
        logger.Refused(context.Method, reason, caller?.ClientId ?? caller?.Id ?? "-", refusal.Message, refusal.InnerException?.Message ?? "-");
    }
}
