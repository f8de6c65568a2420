using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.MutualTls;

/// <summary>Which certificate a client's tokens are bound to (RFC 8705 section 3).</summary>
public static class CertificateBinding
{
    /// <summary>The certificate's thumbprint; null: the client has not asked for it, whatever certificate it shows (section 3.4).</summary>
    /// <exception cref="IamException">SENDER_CONSTRAINT_REQUIRED where it has, and shows none.</exception>
    public static string? Of(Client client, SenderEvidence sender) => client.TlsClientCertificateBoundAccessTokens
        ? sender.CertificateThumbprint ?? throw new IamException(ErrorReason.SenderConstraintRequired, "The client's tokens are bound to its certificate, and there is none.")
        : null;
}
