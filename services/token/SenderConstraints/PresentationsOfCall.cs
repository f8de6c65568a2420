using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>The presentations that one call is about. A proof counts once, and all questions of a batch about one request are about one presentation.</summary>
public sealed class PresentationsOfCall(PresentedTokens presented)
{
    private Dictionary<(string AccessToken, TokenPresentation Presentation), string?>? _failures;

    /// <summary>As <see cref="PresentedTokens.FailureAsync"/>.</summary>
    public async ValueTask<string?> FailureAsync(
        RealmSnapshot realm, AccessToken token, string accessToken, TokenPresentation? presentation, CancellationToken cancellationToken)
    {
        if (presentation?.DpopProof is null)
        {
            return await presented.FailureAsync(realm, token, accessToken, presentation, cancellationToken);
        }

        var key = (accessToken, presentation);
        _failures ??= [];
        if (!_failures.TryGetValue(key, out var failure))
        {
            _failures[key] = failure = await presented.FailureAsync(realm, token, accessToken, presentation, cancellationToken);
        }

        return failure;
    }
}
