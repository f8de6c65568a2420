using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>Adds a link to a realm's chain of receipts.</summary>
public sealed class WriteReceipt(ReceiptStore receipts, TimeProvider clock)
{
    /// <summary>
    /// Writes down what happened to a user's decisions. It is the first write of its transaction: until that ends, nobody else changes
    /// decisions of the realm.
    /// </summary>
    /// <returns>The time of the record.</returns>
    public async Task<DateTimeOffset> RunAsync(
        DatabaseSession session, string realmId, string userId, ConsentActor actor, IEnumerable<ReceiptLine> lines, CancellationToken cancellationToken)
    {
        var head = await receipts.NextAsync(session, realmId, cancellationToken);
        var salt = ReceiptChain.NewSalt();
        var now = clock.GetUtcNow();
        var receipt = new Receipt
        {
            RealmId = realmId,
            Sequence = head.Sequence,
            UserId = userId,
            Salt = salt,
            Subject = ReceiptChain.SubjectOf(salt, userId),
            Consents = ReceiptLine.Write(lines),
            Method = actor.Method,
            ActorId = actor.ActorId,
            RecordedAt = now,
            Hash = "",
        };
        await receipts.AddAsync(session, receipt with { Hash = ReceiptChain.Hash(head.Hash, receipt) }, cancellationToken);
        return now;
    }
}
