using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Pltfrms.Iam.Token.UserGrants;

/// <summary>
/// Ends grants: their refresh tokens are good for nothing at once, their access tokens are refused by this replica when it returns
/// and by others within the freshness bound.
/// </summary>
public sealed class RevokeGrants(
    IDatabase database, UserGrantStore grants, Revocations revocations, TokenAudit audit, TimeProvider clock, ILogger<RevokeGrants> log)
{
    private const int BatchSize = 200;

    /// <summary>Revokes every live grant that fits; how many there were.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="filter">Which.</param>
    /// <param name="by">Who ends them.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE; some may be revoked, and asking again revokes the rest.</exception>
    public async Task<int> ExecuteAsync(Realm realm, GrantFilter filter, Revoker by, CancellationToken cancellationToken)
    {
        var revoked = 0;
        var after = "";
        while (true)
        {
            var batch = await NextAsync(filter, after, cancellationToken);
            var ended = await RevokeAsync([.. batch.Where(grant => Fits(grant, filter))], cancellationToken);
            await audit.GrantsRevokedAsync(realm, ended, by, cancellationToken);
            revoked += ended.Count;
            if (batch.Count < BatchSize)
            {
                break;
            }

            after = batch[^1].GrantId;
        }

        if (revoked > 0)
        {
            log.GrantsRevoked(filter.RealmId, revoked);
        }

        return revoked;
    }

    private async Task<IReadOnlyList<UserGrant>> NextAsync(GrantFilter filter, string after, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await grants.ListAsync(session, filter, after, BatchSize, clock.GetUtcNow(), cancellationToken);
    }

    private async Task<IReadOnlyList<UserGrant>> RevokeAsync(IReadOnlyList<UserGrant> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return [];
        }

        var now = clock.GetUtcNow();
        var revoked = new List<UserGrant>(batch.Count);
        await using var session = await database.BeginWriteAsync(cancellationToken);
        foreach (var grant in batch)
        {
            // The row as it is now: a token may have been issued from the grant since the list was read.
            if (await grants.RevokeAsync(session, grant, now, cancellationToken) is { } stopped)
            {
                await revocations.AddGrantAsync(session, stopped.RealmId, stopped.GrantId, stopped.TokensExpireAt, cancellationToken);
                revoked.Add(stopped);
            }
        }

        await session.CommitAsync(cancellationToken);
        foreach (var grant in revoked)
        {
            await revocations.RememberGrantAsync(grant.RealmId, grant.GrantId, grant.TokensExpireAt, cancellationToken);
        }

        return revoked;
    }

    private static bool Fits(UserGrant grant, GrantFilter filter) =>
        (filter.Scopes.Count == 0 || grant.Scopes.Intersect(filter.Scopes, StringComparer.Ordinal).Any())
        && (filter.GivenBefore is not { } before || grant.GivenAt < before);
}
