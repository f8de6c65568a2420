using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Client.AspNetCore.Authentication;

namespace Pltfrms.Iam.Client.AspNetCore.Authorization;

/// <summary>Decides <see cref="RequireAcrAttribute"/> (RFC 9470 section 3).</summary>
internal sealed class AcrHandler(IHttpContextAccessor accessor, TimeProvider clock) : AuthorizationHandler<AcrRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AcrRequirement requirement)
    {
        var http = context.Resource as HttpContext ?? accessor.HttpContext;
        if (http is null || IamCaller.Of(http, context.User) is not { } caller)
        {
            return Task.CompletedTask;
        }
        if (IsStrong(requirement, caller.Introspection) && IsFresh(requirement, caller.Introspection))
        {
            context.Succeed(requirement);
            return Task.CompletedTask;
        }
        Refusals.Add(http, new(RefusalKind.StepUp, "A stronger or fresher login is needed.")
        {
            Error = "insufficient_user_authentication",
            AcrValues = requirement.AcrValues.Count > 0 ? string.Join(' ', requirement.AcrValues) : null,
            MaxAge = requirement.MaxAge > 0 ? requirement.MaxAge : null,
        });
        return Task.CompletedTask;
    }

    private static bool IsStrong(AcrRequirement requirement, Introspection token) =>
        requirement.AcrValues.Count == 0
            ? token.AuthenticatedAt is not null
            : token.Acr is { } acr && requirement.AcrValues.Contains(acr, StringComparer.Ordinal);

    private bool IsFresh(AcrRequirement requirement, Introspection token) =>
        requirement.MaxAge <= 0
        || (token.AuthenticatedAt is { } login && clock.GetUtcNow() - login <= TimeSpan.FromSeconds(requirement.MaxAge));
}
