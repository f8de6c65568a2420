using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Receipts;
using Pltfrms.Iam.Consent.Revocation;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>Writes decisions down: the receipt, what holds from now on, and what is to be revoked, all in the caller's transaction.</summary>
public sealed class RecordDecisions(WriteReceipt receipts, ConsentStore consents, RevokeAccess access)
{
    /// <param name="session">A transaction that has not written to the realm's decisions yet.</param>
    /// <param name="decisions">Decisions of one user for one client in one organization; at least one.</param>
    /// <param name="isRemembered">Whether they count for more than one authorization.</param>
    /// <param name="actor">Who, and how.</param>
    /// <param name="isAwaited">Whether the caller carries out the revocation itself.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <returns>What is to be revoked; null: nothing.</returns>
    public async Task<GrantRevocation?> RunAsync(
        DatabaseSession session,
        IReadOnlyList<ConsentRecord> decisions,
        bool isRemembered,
        ConsentActor actor,
        bool isAwaited,
        CancellationToken cancellationToken)
    {
        var first = decisions[0];
        // Before all else: whoever has the realm's next receipt is the only one to change decisions of the realm.
        await receipts.RunAsync(
            session, first.RealmId, first.UserId, actor, decisions.Select(consent => ReceiptLine.Of(consent, isRemembered)), cancellationToken);
        if (!isRemembered)
        {
            return null;
        }

        foreach (var decision in decisions)
        {
            await consents.SaveAsync(session, decision, cancellationToken);
        }

        // A scope that is denied is taken from the client, also where a grant of before rests on an answer that was not remembered.
        var denied = decisions.Where(consent => consent.Decision == ConsentDecision.Denied).Select(consent => consent.Scope).ToValueList();
        return denied.Count == 0
            ? null
            : await access.WriteAsync(
                session,
                new GrantRevocation
                {
                    RealmId = first.RealmId,
                    UserId = first.UserId,
                    ClientId = first.ClientId,
                    OrganizationId = first.OrganizationId,
                    Scopes = denied,
                },
                isAwaited,
                cancellationToken);
    }
}
