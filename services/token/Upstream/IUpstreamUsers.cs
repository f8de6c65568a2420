using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>The realm's users, as those know them who keep them.</summary>
public interface IUpstreamUsers
{
    /// <summary>The user behind a login; where the realm says so, one who was nobody until now.</summary>
    /// <param name="realmId">The realm.</param>
    /// <param name="issuer">The realm's provider.</param>
    /// <param name="subject">Who the user is there.</param>
    /// <param name="displayName">For a new user; empty: unknown.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">ACCESS_DENIED where it is nobody's; SERVICE_UNAVAILABLE.</exception>
    Task<UpstreamUser> ResolveAsync(string realmId, string issuer, string subject, string displayName, CancellationToken cancellationToken);
}

/// <param name="UserId">The user.</param>
/// <param name="Revision">A revision of the realm that has the user.</param>
public sealed record UpstreamUser(string UserId, long Revision);
