using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>Writes the head of another service's chain into the realm's own, so that the other cannot be rewritten unseen.</summary>
public sealed class AnchorChain(RealmWrites writes)
{
    /// <summary>The realm revision that has it. An entry that is not newer than the last anchor is written down already.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND; INVALID_ARGUMENT where it contradicts the last anchor; STORAGE_UNAVAILABLE.</exception>
    public async Task<long> RunAsync(string realmId, string chain, ChainAnchor anchor, Caller caller, CancellationToken cancellationToken)
    {
        await using var write = await writes.BeginAsync(realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var filter = new EventFilter { RealmId = realmId, ResourceKind = ChainAnchor.ResourceKind, ResourceId = chain };
        var events = await writes.ChangeLog.ListNewestAsync(write.Session, filter, EventPosition.End, limit: 1, cancellationToken);
        var state = events is [var newest] ? newest.StateAfter : null;
        var last = ChainAnchor.Read(state);
        if (last?.Sequence == anchor.Sequence && last.Hash != anchor.Hash)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has wrong fields.")
            {
                Violations = [new FieldViolation("hash", $"must be the one that entry {anchor.Sequence} had when it was anchored before")],
            };
        }

        if (last is null || last.Sequence < anchor.Sequence)
        {
            write.Note(ChainAnchor.ResourceKind, chain, state, anchor.Write());
        }

        await write.CommitAsync(caller, cancellationToken);
        return write.ResultingRevision;
    }
}
