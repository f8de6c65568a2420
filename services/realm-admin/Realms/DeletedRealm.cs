namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>A realm that is deleted and whose id is not free yet.</summary>
public sealed record DeletedRealm
{
    public required string RealmId { get; init; }

    /// <summary>With the id it says which realm it was.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether nothing of it is left anywhere.</summary>
    public required bool Erased { get; init; }
}
