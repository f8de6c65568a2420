using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.OAuth;
using Wire = Envoy.Service.Auth.V3;

namespace Pltfrms.Iam.Token.Envoy;

/// <summary>Envoy's external authorization over gRPC. Once Envoy is known, whatever goes wrong is an answer that denies.</summary>
public sealed class EnvoyGrpcService(CallerGate gate, PermittedCallers callers, AuthorizeRequest authorize, ILogger<EnvoyGrpcService> log)
    : Wire.Authorization.AuthorizationBase
{
    private const string Basic = "Basic ";

    public override async Task<Wire.CheckResponse> Check(Wire.CheckRequest request, ServerCallContext context)
    {
        var attributes = request.Attributes ?? new();
        var proxied = new ProxiedRequest(attributes);
        try
        {
            await RequireCallerAsync(attributes, context);
            var (route, fault) = RouteSettings.Read(attributes.ContextExtensions);
            if (route is null)
            {
                log.RouteMisconfigured(fault!);
                return Verdict.Misconfigured.ToWire(proxied, forwardsCredentials: true);
            }

            var verdict = await authorize.ExecuteAsync(route, proxied, context.CancellationToken);
            return verdict.ToWire(proxied, route.ForwardsCredentials);
        }
        catch (IamException exception) when (WireError.For(exception.Reason).HttpStatus == StatusCodes.Status503ServiceUnavailable)
        {
            // Envoy takes an error for leave to pass on where somebody has set failure_mode_allow; an answer it cannot mistake.
            log.NobodyCouldDecide(RichStatus.NameOf(exception.Reason), exception.Message);
            return Verdict.Outage(RichStatus.NameOf(exception.Reason)).ToWire(proxied, forwardsCredentials: true);
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.RealmNotFound)
        {
            log.RouteMisconfigured("there is no such realm");
            return Verdict.Misconfigured.ToWire(proxied, forwardsCredentials: true);
        }
    }

    /// <summary>As for every internal method; and, as an Envoy has credentials that do not change by themselves, a client with its secret.</summary>
    private async ValueTask RequireCallerAsync(Wire.AttributeContext attributes, ServerCallContext context)
    {
        var realmId = attributes.ContextExtensions.TryGetValue(RouteSettings.RealmKey, out var named) ? named : "";
        var http = context.GetHttpContext();
        if (AuthorizationHeader.Of(http.Request)?.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) != true)
        {
            await gate.RequireAsync(context, realmId, IamPermissions.PermissionsCheck);
            return;
        }

        try
        {
            await callers.RequireAsync(http, realmId, IamPermissions.PermissionsCheck);
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.RealmNotFound)
        {
            // Which realms there are is not for strangers to learn.
            throw AuthenticateClient.Refused();
        }
    }
}
