using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Dialog;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>What a remote consent server answered, or why that is not believed.</summary>
/// <param name="Scopes">Those granted; none: all is denied.</param>
/// <param name="DetailIds">Those of the authorization details granted.</param>
/// <param name="Remember">Whether the decision is kept for the next time.</param>
/// <param name="Refusal">For the log; null: the answer is good.</param>
public sealed record RemoteAnswer(IReadOnlyList<string> Scopes, IReadOnlyList<string> DetailIds, bool Remember, string? Refusal)
{
    internal static RemoteAnswer Refused(string why) => new([], [], false, why);
}

/// <summary>Reads answers of a realm's remote consent server: a JWT that it signed and encrypted for this realm and this question.</summary>
public sealed class RemoteAnswers(RemoteConsentKeys keys, RemoteKeySets keySets, RemoteRequests requests, TimeProvider clock)
{
    public const string Type = "consent-answer+jwt";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostLifetime = TimeSpan.FromSeconds(1800);

    /// <exception cref="IamException">SERVICE_UNAVAILABLE: the remote server's keys cannot be had.</exception>
    public async Task<RemoteAnswer> ReadAsync(
        OpenChallenge open, RemoteConsent server, string challenge, string response, CancellationToken cancellationToken)
    {
        using var own = keys.Decryption(open.Realm.RealmId);
        if (JsonWebEncryption.Decrypt(response, own) is not { } jws)
        {
            return RemoteAnswer.Refused("it is not encrypted for this realm");
        }

        if (JsonWebSignature.KeyIdOf(jws, Type) is not { } keyId)
        {
            return RemoteAnswer.Refused("it holds no JWS of the right type and algorithm");
        }

        var signers = await keySets.SignatureKeysAsync(server.JwksUri, keyId, cancellationToken);
        return JsonWebSignature.Verify(jws, signers) is { } claims
            ? Check(claims, open, server, challenge)
            : RemoteAnswer.Refused("its signature is not one of the server's");
    }

    private RemoteAnswer Check(JsonElement claims, OpenChallenge open, RemoteConsent server, string challenge)
    {
        var realmId = open.Realm.RealmId;
        if (Jose.Text(claims, "iss") != server.Issuer)
        {
            return RemoteAnswer.Refused("its issuer is another");
        }

        if (Jose.Text(claims, "aud") != requests.IssuerOf(realmId))
        {
            return RemoteAnswer.Refused("its audience is another");
        }

        if (Jose.Text(claims, "nonce") != requests.NonceOf(realmId, challenge))
        {
            return RemoteAnswer.Refused("its nonce is not that of the question");
        }

        if (Jose.Text(claims, "sub") != open.View.UserId)
        {
            return RemoteAnswer.Refused("its subject is another user");
        }

        return IsInTime(claims) ? Granted(claims, open) : RemoteAnswer.Refused("it has expired, is not valid yet or is valid for too long");
    }

    private bool IsInTime(JsonElement claims)
    {
        var now = clock.GetUtcNow();
        return Jose.Time(claims, "iat") is { } issuedAt && Jose.Time(claims, "exp") is { } expiresAt
            && now < expiresAt && issuedAt <= now + ClockSkew && expiresAt - issuedAt <= MostLifetime;
    }

    /// <summary>What was granted among what was asked. Without what the client requires, nothing is: more than the user agreed to never is.</summary>
    private static RemoteAnswer Granted(JsonElement claims, OpenChallenge open)
    {
        if (!claims.TryGetProperty("scopes", out var scopes) || scopes.ValueKind != JsonValueKind.Array)
        {
            return RemoteAnswer.Refused("it has no array 'scopes'");
        }

        var granted = scopes.EnumerateArray().Select(Jose.Text).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var isWhole = open.View.Scopes.All(scope => !scope.Required || granted.Contains(scope.Scope));
        var remember = claims.TryGetProperty("remember", out var value) && value.ValueKind == JsonValueKind.True;
        return isWhole
            ? new RemoteAnswer(
                [.. open.View.Scopes.Select(scope => scope.Scope).Where(granted.Contains)], RemoteDetails.Granted(claims, open.View.Details), remember, null)
            : new RemoteAnswer([], [], remember, null);
    }
}
