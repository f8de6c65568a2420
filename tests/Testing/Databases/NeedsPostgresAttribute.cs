namespace Testing.Databases;

/// <summary>Marks a test class whose <see cref="StorageFactAttribute"/> and <see cref="StorageTheoryAttribute"/> tests are skipped, with the reason, where PostgreSQL is not installed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;
