using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Receipts;
using Pltfrms.Iam.Consent.Revocation;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>Writes decisions down: the receipt, what holds from now on, and what is to be revoked, all in the caller's transaction.</summary>
public sealed class RecordDecisions(WriteReceipt receipts, ConsentStore consents, RevokeAccess access)
{
    /// <param name="session">A transaction that has not written to the realm's decisions yet.</param>
    /// <param name="decided">What one user decided for one client in one organization.</param>
    /// <param name="isRemembered">Whether they count for more than one authorization.</param>
    /// <param name="actor">Who, and how.</param>
    /// <param name="isAwaited">Whether the caller carries out the revocation itself.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <returns>What is to be revoked; null: nothing.</returns>
    public async Task<GrantRevocation?> RunAsync(
        DatabaseSession session,
        UserDecisions decided,
        bool isRemembered,
        ConsentActor actor,
        bool isAwaited,
        CancellationToken cancellationToken)
    {
        var decisions = decided.Scopes;
        // Before all else: whoever has the realm's next receipt is the only one to change decisions of the realm.
        var lines = decisions.Select(consent => ReceiptLine.Of(consent, isRemembered)).Concat(decided.Details);
        await receipts.RunAsync(session, decided.RealmId, decided.UserId, actor, lines, cancellationToken);
        if (!isRemembered || decisions.Count == 0)
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
                    RealmId = decided.RealmId,
                    UserId = decided.UserId,
                    ClientId = decisions[0].ClientId,
                    OrganizationId = decisions[0].OrganizationId,
                    Scopes = denied,
                },
                isAwaited,
                cancellationToken);
    }
}

/// <summary>What a user decided at one time.</summary>
/// <param name="RealmId">The realm.</param>
/// <param name="UserId">The user.</param>
/// <param name="Scopes">For one client in one organization.</param>
/// <param name="Details">What was decided about authorization details: it counts once and is only written down.</param>
public sealed record UserDecisions(string RealmId, string UserId, IReadOnlyList<ConsentRecord> Scopes, IReadOnlyList<ReceiptLine> Details);
