using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Client.AspNetCore.Authentication;

/// <summary>Why a request goes no further, the gravest last.</summary>
internal enum RefusalKind
{
    /// <summary>The token is good, but not for this.</summary>
    Forbidden,

    /// <summary>The token is good, but another login would be needed (RFC 9470).</summary>
    StepUp,

    /// <summary>There is no token.</summary>
    NoToken,

    /// <summary>The token, or how it is presented, is not good.</summary>
    InvalidToken,

    /// <summary>Nobody could decide.</summary>
    Outage,
}

/// <summary>What a request that goes no further is told.</summary>
internal sealed record Refusal(RefusalKind Kind, string Description)
{
    public static readonly Refusal NoToken = new(RefusalKind.NoToken, "An access token is needed.");
    public static readonly Refusal Forbidden = new(RefusalKind.Forbidden, "The caller may not do this.");
    public static readonly Refusal Outage = new(RefusalKind.Outage, "Nobody could decide; try again.");

    /// <summary>RFC 6750 section 3.1, RFC 9449 section 7.1 or RFC 9470 section 3; null: there is no code for it.</summary>
    public string? Error { get; init; }

    /// <summary>The scope that would be enough.</summary>
    public string? Scope { get; init; }

    /// <summary>The logins that would do (RFC 9470 section 3).</summary>
    public string? AcrValues { get; init; }

    /// <summary>How long ago the login may be, in seconds.</summary>
    public long? MaxAge { get; init; }

    public int HttpStatus => Kind switch
    {
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.Outage => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status401Unauthorized,
    };

    public StatusCode GrpcStatus => Kind switch
    {
        RefusalKind.Forbidden => StatusCode.PermissionDenied,
        RefusalKind.Outage => StatusCode.Unavailable,
        _ => StatusCode.Unauthenticated,
    };

    /// <summary>As the suite itself names it, in google.rpc.ErrorInfo.</summary>
    public string Reason => Kind switch
    {
        RefusalKind.Forbidden => "PERMISSION_DENIED",
        RefusalKind.StepUp => "UNMET_AUTHENTICATION_REQUIREMENTS",
        RefusalKind.Outage => "SERVICE_UNAVAILABLE",
        _ => "UNAUTHENTICATED",
    };

    public static Refusal InvalidToken(string description) => new(RefusalKind.InvalidToken, description) { Error = "invalid_token" };

    public static Refusal InsufficientScope(string scope) =>
        new(RefusalKind.Forbidden, "The access token lacks a scope.") { Error = "insufficient_scope", Scope = scope };
}

/// <summary>What was found against a request: the gravest is told.</summary>
internal sealed class Refusals
{
    public Refusal? Gravest { get; private set; }

    public static void Add(HttpContext http, Refusal refusal)
    {
        if (http.Features.Get<Refusals>() is not { } refusals)
        {
            http.Features.Set(refusals = new());
        }
        if (refusals.Gravest is not { } gravest || refusal.Kind > gravest.Kind)
        {
            refusals.Gravest = refusal;
        }
    }

    public static Refusal? Of(HttpContext http) => http.Features.Get<Refusals>()?.Gravest;
}
