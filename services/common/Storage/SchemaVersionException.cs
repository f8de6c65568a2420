namespace Pltfrms.Iam.Common.Storage;

/// <summary>The database's schema is newer than this program knows; migrations only go forward.</summary>
public sealed class SchemaVersionException(int found, int known)
    : Exception($"The database has schema version {found}, this program knows up to {known}.");
