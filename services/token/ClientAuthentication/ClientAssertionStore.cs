using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>The table <c>client_assertion</c>.</summary>
public sealed class ClientAssertionStore
{
    // The expiry is part of the key because tables are partitioned by it; an id is used up all the same, whatever expiry it comes with.
    private const string UseSql = """
        insert into client_assertion (realm_id, assertion_hash, expires_at)
        select @realmId, @assertionHash, @expiresAt
        where not exists (select 1 from client_assertion where realm_id = @realmId and assertion_hash = @assertionHash)
        on conflict do nothing
        """;

    /// <summary>Uses an assertion. Of all that ever try, one is told true.</summary>
    public async Task<bool> UseAsync(
        DatabaseSession session, string realmId, string assertionHash, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(UseSql, new { realmId, assertionHash, expiresAt }, cancellationToken) == 1;
}
