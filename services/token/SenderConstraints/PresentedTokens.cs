using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Dpop;

namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>Whether whoever presents an access token has the keys that it is bound to (design section 5, "sender constraint holds").</summary>
public sealed class PresentedTokens(DpopProofs proofs)
{
    /// <summary>Why it is not shown to be the presenter's, as a sentence; null: it is, or is bound to nothing.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="token">Active.</param>
    /// <param name="accessToken">The same as text.</param>
    /// <param name="presentation">How it was presented; null: nobody says.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE where nobody can know whether a proof was used before.</exception>
    public ValueTask<string?> FailureAsync(
        RealmSnapshot realm, AccessToken token, string accessToken, TokenPresentation? presentation, CancellationToken cancellationToken)
    {
        if (presentation is { IsVerified: true } || (token.Confirmation is null && presentation?.DpopProof is null))
        {
            return default;
        }

        if (presentation is null)
        {
            return new("The access token is bound to a key, and nothing is said of how it was presented.");
        }

        if (token.Confirmation?.CertificateThumbprint is { } certificate && certificate != presentation.CertificateThumbprint)
        {
            return new("The access token is bound to another certificate than that of the connection.");
        }

        return (token.Confirmation?.JwkThumbprint, presentation.DpopProof) switch
        {
            (null, null) => default,
            // RFC 9449 section 7.1: the proof would have to be of the key that the token is bound to.
            (null, _) => new("A DPoP proof came with an access token that is bound to no such key."),
            (_, null) => new("The access token is bound to a key, and came without a DPoP proof."),
            var (thumbprint, proof) => ProofFailureAsync(realm, accessToken, presentation, thumbprint, proof, cancellationToken),
        };
    }

    private async ValueTask<string?> ProofFailureAsync(
        RealmSnapshot realm, string accessToken, TokenPresentation presentation, string thumbprint, string proof, CancellationToken cancellationToken)
    {
        var target = new DpopTarget
        {
            Method = presentation.HttpMethod,
            Addresses = [presentation.HttpUri],
            AccessToken = accessToken,
            Thumbprint = thumbprint,
        };
        var outcome = await proofs.VerifyAsync(realm.RealmId, proof, target, cancellationToken);
        return outcome.Refusal is { } refusal ? $"The DPoP proof {refusal}." : null;
    }
}
