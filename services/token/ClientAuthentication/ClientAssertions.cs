using System.Text.Json;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Profiles;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Replay;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>JWTs with which clients authenticate (RFC 7523 section 3), to the letter of FAPI 2.0 section 5.3.2.1.</summary>
public sealed class ClientAssertions(ClientKeys keys, UsedJwts used, Issuers issuers, TimeProvider clock)
{
    private const int MaxIdLength = 255;

    /// <summary>Used assertions are kept until they expire.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    /// <summary>A JWT of another kind is never taken for one. Those without a type, or with the one of all JWTs, are most that there are.</summary>
    private static readonly string[] Types = ["client-authentication+jwt", "jwt", ""];

    /// <summary>As metadata lists them. RS256 is not among them, whatever a key says (FAPI 2.0 section 5.4.1).</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [SignatureAlgorithms.Es256, SignatureAlgorithms.Es384, SignatureAlgorithms.Ps256];

    /// <summary>What is wrong with an assertion, for the log; null: nothing, and it is used up, here and at every replica.</summary>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE where nobody can know whether it was used before.</exception>
    public async Task<string?> RefusalAsync(RealmSnapshot realm, Client client, SignedJwt jwt, CancellationToken cancellationToken)
    {
        if (!Types.Contains(jwt.Type))
        {
            return "not of the type of assertions";
        }

        var algorithms = SecurityProfiles.Algorithms(realm.Realm, client, Algorithms);
        if (!jwt.IsSignedBy(keys.Of(client).Where(key => algorithms.Contains(key.Algorithm))))
        {
            return "not signed with one of its keys";
        }

        var claims = jwt.Claims;
        if (StrictJson.TextOf(claims, "iss") != client.ClientId || StrictJson.TextOf(claims, "sub") != client.ClientId)
        {
            return "iss and sub are not the client";
        }

        // A list, or another address of the server's, could be meant for somebody else too, who would use it here.
        if (StrictJson.TextOf(claims, "aud") != issuers.Of(realm.Realm))
        {
            return "aud is not the issuer";
        }

        if (ExpiryOf(claims, clock.GetUtcNow()) is not { } expiresAt)
        {
            return "expired, not valid yet or valid for too long";
        }

        return StrictJson.TextOf(claims, "jti") is not { Length: > 0 and <= MaxIdLength } id ? "no jti"
            : await used.UseAsync(UseOf(realm.RealmId, client.ClientId, id, expiresAt), cancellationToken) ? null
            : "used before";
    }

    /// <summary>Null: the times are wrong.</summary>
    private static DateTimeOffset? ExpiryOf(JsonElement claims, DateTimeOffset now)
    {
        foreach (var name in new[] { "nbf", "iat" })
        {
            if (claims.TryGetProperty(name, out _) && (StrictJson.InstantOf(claims, name) is not { } since || since > now + ClockSkew.Allowed || since < now - Longest))
            {
                return null;
            }
        }

        return StrictJson.InstantOf(claims, "exp") is { } expiresAt && expiresAt > now && expiresAt <= now + Longest + ClockSkew.Allowed ? expiresAt : null;
    }

    private static UsedJwt UseOf(string realmId, string clientId, string id, DateTimeOffset expiresAt) =>
        new() { RealmId = realmId, IdHash = UsedJwt.HashOf(clientId, id), ExpiresAt = expiresAt };
}
