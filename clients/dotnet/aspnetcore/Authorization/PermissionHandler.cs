using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client.AspNetCore.Authentication;
using Pltfrms.Iam.Client.AspNetCore.Grpc;

namespace Pltfrms.Iam.Client.AspNetCore.Authorization;

/// <summary>Decides <see cref="RequirePermissionAttribute"/>. Nothing but an allowing answer succeeds.</summary>
internal sealed class PermissionHandler(
    CallerPermissions permissions, IHttpContextAccessor accessor, ILogger<PermissionHandler> log, IEnumerable<GrpcProtection> grpc)
    : AuthorizationHandler<PermissionRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        var http = context.Resource as HttpContext ?? accessor.HttpContext;
        if (http is null || IamCaller.Of(http, context.User) is not { } caller)
        {
            return;
        }
        if (requirement.Attribute.OrganizationField is not null)
        {
            Defer(http, caller, requirement);
            context.Succeed(requirement);
            return;
        }
        if (!requirement.TryFindOrganization(http, context.User, out var organizationId))
        {
            Log.NoOrganization(log, requirement.Attribute.Permission);
            Refusals.Add(http, Refusal.Forbidden with { Description = "The request does not say for which organization." });
        }
        else if (await permissions.RefuseAsync(http, caller, requirement.Attribute, organizationId) is { } refusal)
        {
            Refusals.Add(http, refusal);
        }
        else
        {
            context.Succeed(requirement);
        }
    }

    /// <summary>The message is read later; the interceptor then decides.</summary>
    private void Defer(HttpContext http, IamCaller caller, PermissionRequirement requirement)
    {
        if (!grpc.Any() || !RefusalAnswer.IsGrpc(http.Request) || http.GetEndpoint()?.Metadata.GetMetadata<global::Grpc.AspNetCore.Server.GrpcMethodMetadata>() is null)
        {
            throw new InvalidOperationException("OrganizationField is for gRPC methods, and needs services.AddGrpc().AddPltfrmsIam().");
        }
        caller.Deferred.Add(requirement);
    }
}
