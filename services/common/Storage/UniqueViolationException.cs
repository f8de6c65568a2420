namespace Pltfrms.Iam.Common.Storage;

/// <summary>A unique key is taken already. Stores turn it into a reason of their own.</summary>
public sealed class UniqueViolationException(string constraint, Exception inner)
    : Exception($"The unique key {constraint} is taken.", inner)
{
    /// <summary>PostgreSQL: the constraint's name. SQLite, which knows no names: <c>table.column, table.column</c>.</summary>
    public string Constraint { get; } = constraint;
}
