using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Software statements (RFC 7591 section 2.3): client metadata that somebody vouches for with a signature.</summary>
public sealed class SoftwareStatements(TimeProvider clock)
{
    private const int MaxLength = 32 * 1024;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>A JWT of another kind is never taken for one.</summary>
    private static readonly string[] Types = ["", "jwt", "software-statement+jwt"];

    /// <summary>What a good statement claims.</summary>
    /// <param name="policy">Says whose are good.</param>
    /// <param name="text">The statement.</param>
    /// <param name="issuer">The realm's issuer: a statement that names who it is for must name it.</param>
    /// <exception cref="IamException">INVALID_SOFTWARE_STATEMENT, UNAPPROVED_SOFTWARE_STATEMENT.</exception>
    public JsonElement Verify(ClientRegistrationPolicy policy, string text, string issuer)
    {
        if (text.Length > MaxLength || SignedJwt.Parse(text) is not { } jwt || !Types.Contains(jwt.Type) || IssuerOf(jwt.Claims) is not { } signer)
        {
            throw Invalid("is not a signed JWT of whoever its iss names");
        }

        if (policy.SoftwareStatementIssuers.FirstOrDefault(approved => approved.Issuer == signer) is not { } known)
        {
            throw new IamException(ErrorReason.UnapprovedSoftwareStatement, "software_statement: is of somebody whose statements are not good here");
        }

        if (!jwt.IsSignedBy(PublicKeySet.KeysOf(known.Jwks)))
        {
            throw Invalid("is not signed with a key of its issuer");
        }

        RequireTimes(jwt.Claims, clock.GetUtcNow());
        return jwt.Claims.TryGetProperty("aud", out _) && !jwt.Audiences().Contains(issuer)
            ? throw Invalid("is meant for somebody else")
            : jwt.Claims;
    }

    /// <summary>What a statement claims that was good when it came; it holds for as long as the client does.</summary>
    public static JsonElement ClaimsOf(string text) =>
        SignedJwt.Parse(text)?.Claims ?? throw new InvalidOperationException("A software statement that was good is no JWT.");

    public static string? IssuerOf(JsonElement claims) => StrictJson.TextOf(claims, "iss") is { Length: > 0 } issuer ? issuer : null;

    public static IamException Invalid(string description) =>
        new(ErrorReason.InvalidSoftwareStatement, $"{ClientMetadata.SoftwareStatement}: {description}");

    private static void RequireTimes(JsonElement claims, DateTimeOffset now)
    {
        if (claims.TryGetProperty("exp", out _) && (StrictJson.InstantOf(claims, "exp") is not { } expiresAt || expiresAt <= now))
        {
            throw Invalid("is expired");
        }

        foreach (var name in new[] { "nbf", "iat" })
        {
            if (claims.TryGetProperty(name, out _) && (StrictJson.InstantOf(claims, name) is not { } since || since > now + Skew))
            {
                throw Invalid("is not valid yet");
            }
        }
    }
}
