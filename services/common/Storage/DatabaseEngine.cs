namespace Pltfrms.Iam.Common.Storage;

public enum DatabaseEngine
{
    /// <summary>The embedded default.</summary>
    Sqlite,

    /// <summary>The production store.</summary>
    Postgres,
}
