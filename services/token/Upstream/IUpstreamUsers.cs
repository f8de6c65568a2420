using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>The realm's users, as those know them who keep them.</summary>
public interface IUpstreamUsers
{
    /// <summary>The user behind a login or an assertion; where the realm says so, one who was nobody until now.</summary>
    /// <exception cref="IamException">ACCESS_DENIED where it is nobody's; SERVICE_UNAVAILABLE.</exception>
    Task<UpstreamUser> ResolveAsync(string realmId, UpstreamSubject subject, CancellationToken cancellationToken);
}

/// <param name="Issuer">The realm's provider, or the issuer of an assertion.</param>
/// <param name="Subject">Who the user is there.</param>
/// <param name="DisplayName">For a new user; empty: unknown.</param>
public sealed record UpstreamSubject(string Issuer, string Subject, string DisplayName)
{
    /// <summary>The name under which the issuer is registered for assertions; empty: it is the realm's provider.</summary>
    public string AssertionIssuer { get; init; } = "";
}

/// <param name="UserId">The user.</param>
/// <param name="Revision">A revision of the realm that has the user.</param>
public sealed record UpstreamUser(string UserId, long Revision);
