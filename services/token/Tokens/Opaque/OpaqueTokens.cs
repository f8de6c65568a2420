using System.Text;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Tokens.Opaque;

/// <summary>
/// Access tokens that mean nothing to whoever has one: 256 random bits, of which the database has the hash and what they stand for. What is found once
/// is remembered like a verified JWT, so that the database is asked once by each replica; revocation is looked at on every use in either case.
/// </summary>
public sealed class OpaqueTokens(IDatabase database, OpaqueTokenStore store, TimeProvider clock)
{
    /// <summary>Keeps what a new token stands for; the token.</summary>
    /// <remarks>
    /// Before the code or refresh token that it is for is used up: one that is then given to nobody, because another request was first, stays unknown
    /// to everybody until it expires.
    /// </remarks>
    public async Task<string> AddAsync(AccessToken claims, CancellationToken cancellationToken)
    {
        var value = OpaqueValue.New();
        var token = new OpaqueToken
        {
            RealmId = claims.RealmId,
            TokenHash = OpaqueValue.Hash(value),
            Claims = Encoding.UTF8.GetString(AccessTokenJson.Write(claims).WrittenSpan),
            ExpiresAt = claims.ExpiresAt,
        };
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await store.AddAsync(session, token, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return value;
    }

    /// <summary>What a token stands for; null where it is none of the realm's, or has expired.</summary>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE where nobody can know.</exception>
    public async Task<AccessToken?> FindAsync(string realmId, string value, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await store.FindAsync(session, realmId, OpaqueValue.Hash(value), clock.GetUtcNow(), cancellationToken) is { } token
            ? AccessTokenJson.Read(Encoding.UTF8.GetBytes(token.Claims))
            : null;
    }
}
