using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.MutualTls;

namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>Finds out which keys the sender of a request has, so that what it gets is bound to them.</summary>
public sealed class ConfirmSender
{
    /// <summary>The keys that were proven; null: none, and none had to be.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="client">Authenticated.</param>
    /// <param name="sender">What the request carries.</param>
    /// <param name="cancellationToken">The request's.</param>
    public ValueTask<Confirmation?> ExecuteAsync(RealmSnapshot realm, Client client, SenderEvidence sender, CancellationToken cancellationToken) =>
        new(Confirmation.Of(jwkThumbprint: null, CertificateBinding.Of(client, sender)));
}
