using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Receipts;
using Pltfrms.Iam.Consent.Revocation;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>How much was revoked.</summary>
public sealed record RevokedConsents(int Decisions, int Grants);

/// <summary>Forgets decisions and ends what came of them; the user is asked anew.</summary>
public sealed class RevokeConsents(
    RealmSnapshots realms, IDatabase database, ConsentStore consents, WriteReceipt receipts, RevokeAccess access)
{
    private const int Batch = 500;

    /// <exception cref="IamException">
    /// REALM_NOT_FOUND, INVALID_ARGUMENT, STORAGE_UNAVAILABLE; SERVICE_UNAVAILABLE: the decisions are forgotten, and the revocation follows.
    /// </exception>
    public async Task<RevokedConsents> RunAsync(ConsentFilter filter, ConsentActor actor, CancellationToken cancellationToken)
    {
        new FieldChecks()
            .Require("user_id", filter.UserId.Length + filter.ClientId.Length > 0, "is required where client_id is not set")
            .ThrowIfAny();
        // Only so that an unknown realm is told from one without consents.
        await realms.GetLastKnownAsync(filter.RealmId, cancellationToken);

        var (forgotten, revocation) = await ForgetAsync(filter, actor, isAwaited: true, cancellationToken);
        return new RevokedConsents(forgotten, await access.CarryOutAsync(revocation, cancellationToken));
    }

    /// <summary>The same without waiting for the token service.</summary>
    internal async Task<(int Forgotten, GrantRevocation Revocation)> ForgetAsync(
        ConsentFilter filter, ConsentActor actor, bool isAwaited, CancellationToken cancellationToken)
    {
        var forgotten = 0;
        GrantRevocation? revocation = null;
        int inBatch;
        do
        {
            await using var session = await database.BeginWriteAsync(cancellationToken);
            inBatch = await ForgetBatchAsync(session, filter, actor, cancellationToken);
            // With the first decisions: a crash in the middle leaves decisions, but no access.
            revocation ??= await access.WriteAsync(session, RevocationOf(filter), isAwaited, cancellationToken);
            await session.CommitAsync(cancellationToken);
            forgotten += inBatch;
        }
        while (inBatch == Batch);

        return (forgotten, revocation);
    }

    private async Task<int> ForgetBatchAsync(
        DatabaseSession session, ConsentFilter filter, ConsentActor actor, CancellationToken cancellationToken)
    {
        var batch = await consents.ListFittingAsync(session, filter, Batch, cancellationToken);
        foreach (var user in batch.GroupBy(consent => consent.UserId))
        {
            await receipts.RunAsync(session, filter.RealmId, user.Key, actor, user.Select(ReceiptLine.Revoked), cancellationToken);
            foreach (var consent in user)
            {
                await consents.DeleteAsync(session, consent, cancellationToken);
            }
        }

        return batch.Count;
    }

    private static GrantRevocation RevocationOf(ConsentFilter filter) => new()
    {
        RealmId = filter.RealmId,
        UserId = filter.UserId,
        ClientId = filter.ClientId,
        OrganizationId = filter.OrganizationId,
        Scopes = filter.Scope.Length > 0 ? [filter.Scope] : [],
    };
}
