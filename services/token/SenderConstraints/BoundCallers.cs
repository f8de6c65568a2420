using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Dpop;

namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>Whether who calls the suite with an access token has the key that it is bound to (RFC 9449 section 7.1).</summary>
public sealed class BoundCallers(DpopProofs proofs)
{
    /// <param name="realm">The realm.</param>
    /// <param name="token">Active.</param>
    /// <param name="accessToken">The same as text.</param>
    /// <param name="proof">That came with it.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="IamException">UNAUTHENTICATED, INVALID_DPOP_PROOF, USE_DPOP_NONCE, STORAGE_UNAVAILABLE.</exception>
    public async ValueTask RequireAsync(RealmSnapshot realm, AccessToken token, string accessToken, CallerProof proof, CancellationToken cancellationToken)
    {
        // A proof says nothing about a token that is bound to no such key; and of certificates this interface knows nothing.
        if (token.Confirmation is not { JwkThumbprint: { } thumbprint, CertificateThumbprint: null })
        {
            throw new IamException(ErrorReason.Unauthenticated, "The access token is not bound to a DPoP key alone.");
        }

        if (proof.IsProven)
        {
            return;
        }

        var target = new DpopTarget
        {
            Method = CallerProof.Method,
            Addresses = [proof.Address],
            DemandsNonce = realm.Realm.Dpop.RequireNonce,
            AccessToken = accessToken,
            Thumbprint = thumbprint,
        };
        await proofs.RequireAsync(realm.RealmId, proof.Text, target, cancellationToken);
        proof.Proven();
    }
}
