namespace Pltfrms.Iam.Common.Realms;

/// <summary>What changes among the resources of one kind: deletions first, then new states, of which the last of a resource counts.</summary>
internal sealed class ResourceChanges<T>
{
    public List<string> DeletedIds { get; } = [];

    public List<T> Upserts { get; } = [];

    public bool IsEmpty => DeletedIds.Count + Upserts.Count == 0;
}
