using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.MutualTls;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>What a client presented to prove who it is (RFC 6749 section 2.3).</summary>
/// <param name="ClientId">Any text: nothing is known of it yet.</param>
/// <param name="Secret">Sensitive. Empty: none was presented.</param>
public readonly record struct ClientCredentials(string ClientId, string Secret)
{
    /// <summary>Sensitive: a JWT in place of a secret (RFC 7523 section 2.2), of which nothing is believed yet; null: none was presented.</summary>
    public SignedJwt? Assertion { get; init; }

    /// <summary>The certificate of the connection; null: none.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>How the secret was presented, one of <see cref="TokenEndpointAuthMethods"/>; null: in a way that has no name.</summary>
    public string? SecretMethod { get; init; }

    /// <summary>The secret's hash, where it is known already; null: it is not.</summary>
    public byte[]? SecretSha256 { get; init; }

    /// <summary>Without the secret, for a log that prints the record after all.</summary>
    public override string ToString() => $"ClientCredentials {ClientId}";
}
