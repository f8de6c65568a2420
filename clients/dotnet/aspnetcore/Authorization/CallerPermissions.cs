using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.AspNetCore.Authentication;

namespace Pltfrms.Iam.Client.AspNetCore.Authorization;

/// <summary>What the caller of the current request may do.</summary>
internal sealed class CallerPermissions(IamClient iam, IOptionsMonitor<IamAuthenticationOptions> options, ILogger<CallerPermissions> log)
{
    /// <summary>Asks with the caller's own token, for this service, from where the request came.</summary>
    public Task<PermissionDecision> CheckAsync(
        HttpContext http, IamCaller caller, string permission, string? organizationId, IamMode mode) => iam.CheckPermissionAsync(
        new()
        {
            Subject = PermissionSubject.AccessToken(caller.Token),
            Permission = permission,
            OrganizationId = organizationId,
            Audience = options.Get(IamAuthenticationOptions.DefaultScheme).Audience,
            Mode = mode,
            SenderConstraintVerified = caller.Introspection.Confirmation is not null,
            Context = new() { SourceAddress = SourceOf(http) },
        },
        http.RequestAborted);

    /// <summary>Null: the caller may.</summary>
    public async Task<Refusal?> RefuseAsync(HttpContext http, IamCaller caller, RequirePermissionAttribute wanted, string? organizationId)
    {
        try
        {
            var decision = await CheckAsync(http, caller, wanted.Permission, organizationId, wanted.Mode);
            if (decision.Allowed)
            {
                return null;
            }
            Log.Denied(log, wanted.Permission, organizationId, decision.Reason);
            return decision.Reason switch
            {
                DecisionReason.TokenInactive or DecisionReason.AudienceMismatch or DecisionReason.SenderConstraintFailed =>
                    Refusal.InvalidToken("The token is not good here any more."),
                DecisionReason.ScopeNotGranted => Refusal.InsufficientScope(wanted.Permission),
                _ => Refusal.Forbidden,
            };
        }
        catch (IamClientException fault) when (fault.Reason != IamErrorReason.InvalidArgument)
        {
            Log.NotDecided(log, fault.Message);
            return Refusal.Outage;
        }
        catch (IamClientException fault)
        {
            // A request may name what is no organization's id; the rest of the question is this service's own.
            if (fault.FieldErrors.Any(static wrong => !wrong.Field.EndsWith("organization_id", StringComparison.Ordinal)))
            {
                Log.Misasked(log, wanted.Permission, fault.Message);
            }
            return Refusal.Forbidden;
        }
    }

    private static string? SourceOf(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : null;
}
