using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Client.AspNetCore.Authentication;

namespace Pltfrms.Iam.Client.AspNetCore;

/// <summary>
/// Tokens for calls that are made for the caller of the current request (RFC 8693): they name this application as acting for
/// them, never exceed what the caller presented, and end with it. The realm's exchange rules must allow it.
/// </summary>
public sealed class IamUserTokens
{
    private readonly IamTokens _tokens;
    private readonly IHttpContextAccessor _accessor;

    internal IamUserTokens(IamTokens tokens, IHttpContextAccessor accessor)
    {
        _tokens = tokens;
        _accessor = accessor;
    }

    /// <summary>A token for a request; from memory where there is one.</summary>
    /// <exception cref="InvalidOperationException">No request is being served, or its caller is not authenticated by an access token.</exception>
    /// <exception cref="IamUnavailableException">The token service cannot be reached, or did not answer in time.</exception>
    /// <exception cref="IamClientException">Refused: <see cref="IamErrorReason.ExchangeRefused"/> where no rule allows it.</exception>
    public ValueTask<AccessToken> GetAsync(TokenRequest request, CancellationToken cancellationToken) =>
        _accessor.HttpContext?.Features.Get<IamCaller>() is { } caller
            ? _tokens.ExchangeAsync(caller.Token, request, cancellationToken)
            : throw new InvalidOperationException("There is no caller to act for: the call is made outside of an authenticated request.");
}
