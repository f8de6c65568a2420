namespace Pltfrms.Iam.Common.Storage;

/// <summary>Erases all rows of a realm from a service's tables, in transactions so small that nobody else notices.</summary>
public sealed class RealmRows(IDatabase database, IReadOnlyList<RealmTable> tables)
{
    private const int Batch = 500;

    /// <summary>Erases rows until none are left, or until it has erased that many.</summary>
    /// <returns>How many; 0: there were none.</returns>
    public async Task<long> EraseAsync(string realmId, int most, CancellationToken cancellationToken)
    {
        var erased = 0L;
        foreach (var sql in tables.Select(SqlOf))
        {
            int rows;
            do
            {
                await using var session = await database.BeginWriteAsync(cancellationToken);
                rows = await session.ExecuteAsync(sql, new { realmId, Batch }, cancellationToken);
                await session.CommitAsync(cancellationToken);
                erased += rows;
            }
            while (rows == Batch && erased < most);

            if (erased >= most)
            {
                break;
            }
        }

        return erased;
    }

    private static string SqlOf(RealmTable table) => $"""
        delete from {table.Name}
        where ({table.Key}) in (select {table.Key} from {table.Name} where realm_id = @realmId limit @Batch)
        """;
}
