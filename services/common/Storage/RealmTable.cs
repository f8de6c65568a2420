namespace Pltfrms.Iam.Common.Storage;

/// <summary>A table with rows of realms.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">The columns of its primary key.</param>
public sealed record RealmTable(string Name, string Key);
