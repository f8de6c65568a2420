namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>How long login sessions and refresh tokens last.</summary>
public sealed record SessionSettings
{
    /// <summary>Of a login session, without use.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Of a login session, however often it is used.</summary>
    public TimeSpan AbsoluteLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Of a refresh token, without use.</summary>
    public TimeSpan RefreshIdleLifetime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Of a family of refresh tokens.</summary>
    public TimeSpan RefreshAbsoluteLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long the same use of a used refresh token gets the same answer.</summary>
    public TimeSpan RefreshRetryWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether every client must push its authorization requests (RFC 9126).</summary>
    public bool RequirePushedAuthorizationRequests { get; init; }

    /// <summary>Whether the authorization requests of every client must be signed request objects (RFC 9101 section 10.5).</summary>
    public bool RequireSignedRequestObject { get; init; }
}
