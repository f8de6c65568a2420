using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.MutualTls;
using Pltfrms.Iam.Token.Profiles;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>Finds the client that presented a secret (RFC 6749 section 2.3.1), an assertion (RFC 7523 section 2.2) or a certificate (RFC 8705 section 2).</summary>
/// <remarks>Unknown client, wrong secret, disabled client and a client without a secret get one answer after the same work.</remarks>
public sealed class AuthenticateClient(
    ClientAssertions assertions, CertificateAuthentication certificates, TimeProvider clock, ILogger<AuthenticateClient> log)
{
    private const string OtherMethod = "limited to another method";

    // No secret has this hash, and comparing with it costs what comparing with a real one costs.
    private static readonly ClientSecret[] NoSecrets = [new() { SecretId = "", Sha256 = new string('0', SHA256.HashSizeInBytes * 2) }];

    /// <param name="realm">The realm.</param>
    /// <param name="credentials">What was presented.</param>
    /// <param name="allowPublic">Whether a public client may say who it is without proof: what it presents besides is bound to it.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">INVALID_CLIENT; STORAGE_UNAVAILABLE for an assertion.</exception>
    public ValueTask<Client> AuthenticateAsync(
        RealmSnapshot realm, in ClientCredentials credentials, bool allowPublic, CancellationToken cancellationToken) =>
        credentials.Assertion is { } assertion
            ? new(VerifyAsync(realm, credentials.ClientId, assertion, cancellationToken))
            : new(Authenticate(realm, credentials, allowPublic));

    /// <summary>Also for a public client: who claims to prove something must.</summary>
    private async Task<Client> VerifyAsync(RealmSnapshot realm, string clientId, SignedJwt assertion, CancellationToken cancellationToken)
    {
        var client = realm.FindClient(clientId);
        var refusal = client switch
        {
            null => "unknown",
            { Disabled: true } => "disabled",
            _ when !AllowedAuthentication.May(realm.Realm, client, TokenEndpointAuthMethods.PrivateKeyJwt) => OtherMethod,
            _ => await assertions.RefusalAsync(realm, client, assertion, cancellationToken),
        };
        if (client is null || refusal is not null)
        {
            log.ClientRefused(realm.RealmId, client?.ClientId, refusal!);
            throw Refused();
        }

        return client;
    }

    private Client Authenticate(RealmSnapshot realm, in ClientCredentials credentials, bool allowPublic)
    {
        var client = realm.FindClient(credentials.ClientId);
        if (credentials.Secret.Length == 0 && client is { Disabled: false })
        {
            if (allowPublic && client.ClientType == ClientType.Public && AllowedAuthentication.May(realm.Realm, client, TokenEndpointAuthMethods.None))
            {
                return client;
            }

            if (credentials.Certificate is { } certificate)
            {
                return Certified(realm, client, certificate);
            }
        }

        var secrets = client is { Secrets.Count: > 0 } ? client.Secrets.AsSpan() : NoSecrets;
        var matches = Matches(secrets, credentials.SecretSha256 ?? Hash(credentials.Secret));
        var refusal = client is null ? "unknown"
            : client.Disabled ? "disabled"
            : !AllowedAuthentication.MayUseSecret(realm.Realm, client, credentials.SecretMethod) ? OtherMethod
            : matches ? null
            : "wrong secret";
        if (client is null || refusal is not null)
        {
            log.ClientRefused(realm.RealmId, client?.ClientId, refusal!);
            throw Refused();
        }

        return client;
    }

    private Client Certified(RealmSnapshot realm, Client client, ClientCertificate certificate)
    {
        var refusal = AllowedAuthentication.MayUseCertificate(realm.Realm, client) ? certificates.Refusal(realm, client, certificate) : OtherMethod;
        if (refusal is null)
        {
            return client;
        }

        log.ClientRefused(realm.RealmId, client.ClientId, refusal);
        throw Refused();
    }

    public static IamException Refused() => new(ErrorReason.InvalidClient, "Client authentication failed.");

    private bool Matches(ReadOnlySpan<ClientSecret> secrets, ReadOnlySpan<byte> hash)
    {
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        var matches = false;
        foreach (var secret in secrets)
        {
            var readable = Convert.FromHexString(secret.Sha256, stored, out _, out var length) == OperationStatus.Done && length == stored.Length;
            matches |= FixedTime.Equals(hash, stored) & readable & (secret.ExpiresAt is not { } end || end > clock.GetUtcNow());
        }

        return matches;
    }

    /// <summary>Of a secret, as clients' secrets are stored.</summary>
    internal static byte[] Hash(string presented)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(presented.Length));
        var hash = SHA256.HashData(rented.AsSpan(0, Encoding.UTF8.GetBytes(presented, rented)));
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return hash;
    }
}
