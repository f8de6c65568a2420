using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Telemetry;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Http;

/// <summary>What is around every address of an HTTP listener: each refusal leaves as an answer, counted and logged, a fault of ours without its details.</summary>
/// <remarks>Addresses are named by their route: those of consent have challenges in them.</remarks>
public sealed class RouteGuard(ServiceTelemetry telemetry, ILogger<RouteGuard> log)
{
    /// <param name="context">The request.</param>
    /// <param name="handle">Answers it.</param>
    /// <param name="refuse">Answers it where <paramref name="handle"/> did not.</param>
    public async Task RunAsync(HttpContext context, RequestDelegate handle, Func<HttpContext, IamException, Task> refuse)
    {
        try
        {
            await handle(context);
        }
        catch (IamException exception)
        {
            await RefuseAsync(exception);
        }
        catch (BadHttpRequestException exception)
        {
            var reason = exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorReason.RequestTooLarge : ErrorReason.InvalidRequest;
            await RefuseAsync(new IamException(reason, "The request's body cannot be read.", exception));
        }
        catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException || context.RequestAborted.IsCancellationRequested)
        {
            // Who asked is gone; that a connection broke may be known before the request is told.
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var (route, realmId) = (RouteOf(context), RealmRoute.Of(context));
            log.RequestFailed(exception, route, realmId);
            await RefuseAsync(new IamException(ErrorReason.Internal, "The server failed; its log has the details.", exception));
        }

        Task RefuseAsync(IamException refusal)
        {
            Note(context, refusal);
            return refuse(context, refusal);
        }
    }

    /// <summary>Counts and logs a refusal.</summary>
    public void Note(HttpContext context, IamException refusal)
    {
        var (route, realmId) = (RouteOf(context), RealmRoute.Of(context));
        var reason = RichStatus.NameOf(refusal.Reason);
        telemetry.CountRefusal(route, reason);
        log.RequestRefused(route, realmId, reason, refusal.Message);
    }

    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
}
