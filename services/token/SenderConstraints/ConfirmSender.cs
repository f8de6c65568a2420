using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Dpop;
using Pltfrms.Iam.Token.MutualTls;
using Pltfrms.Iam.Token.Profiles;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>Finds out which keys the sender of a request has, so that what it gets is bound to them.</summary>
public sealed class ConfirmSender(DpopProofs proofs, DpopNonces nonces, Issuers issuers)
{
    /// <summary>For a token request: the keys that were proven; null: none, and none had to be.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="client">Authenticated.</param>
    /// <param name="sender">What the request carries.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="Common.Errors.IamException">INVALID_DPOP_PROOF, USE_DPOP_NONCE, SENDER_CONSTRAINT_REQUIRED, STORAGE_UNAVAILABLE.</exception>
    public async ValueTask<Confirmation?> ExecuteAsync(RealmSnapshot realm, Client client, SenderEvidence sender, CancellationToken cancellationToken)
    {
        // RFC 9449 section 5.2.
        if (sender.DpopProof is null && (client.DpopBoundAccessTokens || realm.Realm.Dpop.Required))
        {
            throw DpopHeader.Refused("is missing: tokens of the client are bound to a key");
        }

        // Before a proof is used up.
        var certificate = CertificateBinding.Of(client, sender);
        return Confirmation.Of(await ThumbprintAsync(realm, client, sender, EndpointPaths.Token, cancellationToken), certificate);
    }

    /// <summary>The thumbprint of the key that a proof for a POST to one of the realm's endpoints proves; null: there is no proof.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="client">Authenticated.</param>
    /// <param name="sender">What the request carries.</param>
    /// <param name="path">The endpoint's, one of <see cref="EndpointPaths"/>.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="Common.Errors.IamException">INVALID_DPOP_PROOF, USE_DPOP_NONCE, STORAGE_UNAVAILABLE.</exception>
    public async ValueTask<string?> ThumbprintAsync(
        RealmSnapshot realm, Client client, SenderEvidence sender, string path, CancellationToken cancellationToken)
    {
        if (sender.DpopProof is not { } proof)
        {
            return null;
        }

        var target = new DpopTarget
        {
            Method = HttpMethods.Post,
            Addresses = issuers.AddressesOf(realm.Realm, path),
            DemandsNonce = realm.Realm.Dpop.RequireNonce,
            Algorithms = SecurityProfiles.IsFapi2(realm.Realm, client) ? [.. SecurityProfiles.Algorithms(realm.Realm, client, DpopProofs.Algorithms)] : null,
        };
        return await proofs.RequireAsync(realm.RealmId, proof, target, cancellationToken);
    }

    /// <summary>The nonce for the next proof (RFC 9449 section 8.2); null where the realm demands none, or the sender has nothing to prove.</summary>
    public string? NextNonce(RealmSnapshot realm, SenderEvidence sender) =>
        sender.DpopProof is not null && realm.Realm.Dpop.RequireNonce ? nonces.Current(realm.RealmId) : null;
}
