using System.Data;
using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>All events of a realm from one state of the database, oldest first and a few at a time.</summary>
internal sealed class StoredEvents(DatabaseSession session)
{
    private const int BatchSize = 500;

    private readonly ChangeLogStore _changeLog = new();

    /// <exception cref="InvalidDataException">A row holds what no event has; says which.</exception>
    public async IAsyncEnumerable<ChangeLogRow> ReadAsync(string realmId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = EventPosition.Start;
        IReadOnlyList<ChangeLogRow> rows;
        do
        {
            rows = await ListAsync(realmId, position, cancellationToken);
            foreach (var row in rows)
            {
                yield return row;
                position = row.Position;
            }
        }
        while (rows.Count > 0);
    }

    private async Task<IReadOnlyList<ChangeLogRow>> ListAsync(string realmId, EventPosition after, CancellationToken cancellationToken)
    {
        for (var limit = BatchSize; ; limit /= 2)
        {
            try
            {
                return await _changeLog.ListAsync(session, realmId, after, limit, cancellationToken);
            }
            catch (Exception exception) when (IsOfValue(exception))
            {
                // SQLite keeps any text in any column. Fewer rows, down to the one that cannot be read.
                if (limit == 1)
                {
                    throw new InvalidDataException($"the event after {after} cannot be read: {exception.Message}", exception);
                }
            }
        }
    }

    private static bool IsOfValue(Exception exception) =>
        exception is DataException or FormatException or InvalidCastException or System.Text.Json.JsonException or OverflowException;
}
