using System.Globalization;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>A realm's events in pages, newest first.</summary>
public sealed class ListEvents(IDatabase database, RealmStore realms, ChangeLogStore changeLog)
{
    // Events differ in size by orders of magnitude: a page ends where its answer would get too large to be read (gRPC's default is 4 MiB).
    private const int PageCharacters = 512 * 1024;

    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_PAGE_TOKEN.</exception>
    public async Task<Page<ChangeLogRow>> ExecuteAsync(EventFilter filter, PageRequest request, CancellationToken cancellationToken)
    {
        var before = Read(PageToken.Read(filter.Text, request.Token));
        await using var session = await database.BeginReadAsync(cancellationToken);
        var realm = await realms.FindAsync(session, filter.RealmId, cancellationToken) ?? throw RealmNotFound.For(filter.RealmId);
        var rows = await changeLog.ListNewestAsync(session, filter, before, request.Limit + 1, cancellationToken);
        var fitting = Fitting(rows, request.Limit);
        return fitting == rows.Count
            ? new Page<ChangeLogRow>(rows, "", realm.Revision)
            : new Page<ChangeLogRow>([.. rows.Take(fitting)], PageToken.Create(filter.Text, Text(rows[fitting - 1].Position)), realm.Revision);
    }

    /// <summary>How many of the rows one answer carries: one at least.</summary>
    private static int Fitting(IReadOnlyList<ChangeLogRow> rows, int limit)
    {
        var (count, size) = (0, 0L);
        while (count < Math.Min(rows.Count, limit))
        {
            size += (rows[count].StateBefore?.Length ?? 0) + (rows[count].StateAfter?.Length ?? 0);
            if (count > 0 && size > PageCharacters)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private static string Text(EventPosition position) =>
        string.Create(CultureInfo.InvariantCulture, $"{position.Revision}.{position.Ordinal}");

    private static EventPosition Read(string text)
    {
        if (text.Length == 0)
        {
            return EventPosition.End;
        }

        var parts = text.Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? new EventPosition(revision, ordinal)
            : throw PageToken.Invalid();
    }
}
