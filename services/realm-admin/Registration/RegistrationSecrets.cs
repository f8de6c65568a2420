using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>The secrets of clients that were registered dynamically: shown once, in the answer that makes them.</summary>
internal static class RegistrationSecrets
{
    // The new one and the one before, so that an application with many replicas is never without.
    private const int Kept = 2;

    /// <summary>The client with a secret where it authenticates with one: a new one where it has none that is good, or where secrets end.</summary>
    public static (Client Client, string? Secret) Renewed(Client client, ClientRegistrationPolicy policy, DateTimeOffset at)
    {
        if (client.TokenEndpointAuthMethod is not (TokenEndpointAuthMethods.ClientSecretBasic or TokenEndpointAuthMethods.ClientSecretPost))
        {
            return (client with { Secrets = [] }, null);
        }

        var good = client.Secrets.Where(secret => secret.ExpiresAt is null || secret.ExpiresAt > at).ToList();
        if (good.Count > 0 && policy.ClientSecretLifetime is null)
        {
            return (client, null);
        }

        var value = OpaqueValue.New();
        var now = Values.ToMicroseconds(at);
        var secret = new ClientSecret
        {
            SecretId = Guid.CreateVersion7(now).ToString("D", CultureInfo.InvariantCulture),
            Sha256 = Hash(value),
            CreatedAt = now,
            ExpiresAt = now + policy.ClientSecretLifetime,
        };
        var secrets = good.OrderBy(known => known.CreatedAt).TakeLast(Kept - 1).Append(secret).OrderBy(known => known.SecretId, StringComparer.Ordinal);
        return (client with { Secrets = secrets.ToValueList() }, value);
    }

    public static bool Has(Client client, string secret) => client.Secrets.Any(known => known.Sha256 == Hash(secret));

    private static string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
