namespace Pltfrms.Iam.Common.Storage;

/// <summary>A table whose rows are worth nothing after <c>expires_at</c>.</summary>
/// <param name="Name">On PostgreSQL it is partitioned by <c>expires_at</c> and has a partition <c>{Name}_default</c>.</param>
/// <param name="Key">The rest of the primary key, between <c>realm_id</c> and <c>expires_at</c>.</param>
/// <param name="Columns">All columns.</param>
/// <param name="DaysPerPartition">How many days of expiry one partition takes.</param>
/// <param name="PartitionsAhead">How many partitions are made ahead, so that rows find theirs.</param>
public sealed record ExpiringTable(string Name, string Key, string Columns, int DaysPerPartition, int PartitionsAhead);
