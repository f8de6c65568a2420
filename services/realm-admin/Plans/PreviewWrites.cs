using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.Access;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>
/// Tells what writes would mean: they happen, exactly as they would, in a transaction that is taken back. Other writers of the realm wait as for
/// a batch; the token service is asked when they no longer do. Administrators of some organizations learn of what is within their reach.
/// </summary>
public sealed class PreviewWrites(WriteResources writes, AccessTables tables, EffectOfChanges effects)
{
    /// <exception cref="IamException">What the writes throw; SERVICE_UNAVAILABLE.</exception>
    public async Task<WritePreview> ExecuteAsync(
        WriteCall call, IReadOnlyList<ResourceOperation> operations, CancellationToken cancellationToken)
    {
        var (revision, changes, sides) = await writes.PreviewAsync(
            call,
            operations,
            async write =>
            {
                var changes = SnapshotChanges.Merged(write.Changes);
                var records = new StoredRecords(write.Session, call.RealmId, tables);
                var reach = write.Limit?.Narrowest ?? Reach.Realm;
                return (write.Revision - 1, changes, await RealmSides.ReadAsync(records, changes, done: true, reach, cancellationToken));
            },
            cancellationToken);
        return new WritePreview(revision, [.. changes.Select(new VisibleParts(sides).Of)], await effects.ExecuteAsync(sides, cancellationToken));
    }
}

/// <summary>What writes would mean.</summary>
/// <param name="Revision">Of the realm that they were tried on.</param>
/// <param name="Changes">What would differ afterwards.</param>
/// <param name="Effect">For those who have access.</param>
public sealed record WritePreview(long Revision, IReadOnlyList<RealmChange> Changes, ChangeEffect Effect);
