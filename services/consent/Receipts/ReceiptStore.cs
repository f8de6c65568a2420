using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>The tables <c>consent_receipt</c> and <c>consent_receipt_head</c>. Receipts are never changed, but for the erasure of a user's name.</summary>
public sealed class ReceiptStore
{
    private const string Columns = "realm_id, sequence, user_id, salt, subject, consents, method, actor_id, recorded_at, hash";

    // Locks the row until the transaction ends: writers of one realm queue here, so that numbers have no gaps and no ties.
    private const string NextSql = """
        insert into consent_receipt_head (realm_id, sequence, hash, anchored_sequence)
        values (@realmId, 1, '', 0)
        on conflict (realm_id) do update set sequence = consent_receipt_head.sequence + 1
        returning realm_id, sequence, hash, anchored_sequence
        """;

    private const string AddSql = """
        insert into consent_receipt (realm_id, sequence, user_id, salt, subject, consents, method, actor_id, recorded_at, hash)
        values (@RealmId, @Sequence, @UserId, @Salt, @Subject, @Consents, @Method, @ActorId, @RecordedAt, @Hash)
        """;

    private const string MoveHeadSql = "update consent_receipt_head set hash = @Hash where realm_id = @RealmId";

    private const string ListSql = $"""
        select {Columns}
        from consent_receipt
        where realm_id = @realmId and user_id = @userId and sequence > @after
        order by sequence
        limit @count
        """;

    private const string ReadSql = $"""
        select {Columns}
        from consent_receipt
        where realm_id = @realmId and sequence > @after
        order by sequence
        limit @count
        """;

    private const string UnanchoredSql = """
        select realm_id, sequence, hash, anchored_sequence
        from consent_receipt_head
        where anchored_sequence < sequence
        order by realm_id
        """;

    private const string AnchoredSql = """
        update consent_receipt_head
        set anchored_sequence = @sequence
        where realm_id = @realmId and anchored_sequence < @sequence
        """;

    private const string EraseSql = """
        update consent_receipt
        set user_id = null, salt = null
        where realm_id = @realmId and user_id = @userId
        """;

    /// <summary>Takes the realm's next number, and with it the right to write receipts and decisions of the realm until the session ends.</summary>
    public async Task<ReceiptHead> NextAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        (await session.QuerySingleOrDefaultAsync<ReceiptHead>(NextSql, new { realmId }, cancellationToken))!;

    /// <summary>Adds the receipt of the number that <see cref="NextAsync"/> took.</summary>
    public async Task AddAsync(DatabaseSession session, Receipt receipt, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(AddSql, receipt, cancellationToken);
        await session.ExecuteAsync(MoveHeadSql, new { receipt.Hash, receipt.RealmId }, cancellationToken);
    }

    /// <summary>A user's receipts after a number, oldest first.</summary>
    public Task<IReadOnlyList<Receipt>> ListAsync(
        DatabaseSession session, string realmId, string userId, long after, int count, CancellationToken cancellationToken) =>
        session.QueryAsync<Receipt>(ListSql, new { realmId, userId, after, count }, cancellationToken);

    /// <summary>A realm's receipts after a number, oldest first.</summary>
    public Task<IReadOnlyList<Receipt>> ReadAsync(
        DatabaseSession session, string realmId, long after, int count, CancellationToken cancellationToken) =>
        session.QueryAsync<Receipt>(ReadSql, new { realmId, after, count }, cancellationToken);

    /// <summary>The heads of the chains that have grown since they were last anchored.</summary>
    public Task<IReadOnlyList<ReceiptHead>> ListUnanchoredAsync(DatabaseSession session, CancellationToken cancellationToken) =>
        session.QueryAsync<ReceiptHead>(UnanchoredSql, null, cancellationToken);

    public Task AnchoredAsync(DatabaseSession session, string realmId, long sequence, CancellationToken cancellationToken) =>
        session.ExecuteAsync(AnchoredSql, new { realmId, sequence }, cancellationToken);

    /// <summary>Takes the user's name off the receipts; the chain stays whole.</summary>
    public Task EraseUserAsync(DatabaseSession session, string realmId, string userId, CancellationToken cancellationToken) =>
        session.ExecuteAsync(EraseSql, new { realmId, userId }, cancellationToken);
}
