namespace Pltfrms.Iam.RealmAdmin.Documents.Yaml;

/// <summary>One value of a document, which knows where it stands.</summary>
internal sealed record DocumentNode
{
    /// <summary><c>clients[2].redirect_uris[0]</c>; empty at the top.</summary>
    public required string Path { get; init; }

    public required NodeKind Kind { get; init; }

    /// <summary>As written, for all that is neither a list nor a mapping.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<DocumentNode> Items { get; init; } = [];

    public IReadOnlyDictionary<string, DocumentNode> Members { get; init; } = new Dictionary<string, DocumentNode>();
}

/// <summary>What a value is in YAML 1.2's core schema.</summary>
internal enum NodeKind
{
    Empty,
    Flag,
    Number,
    Text,
    List,
    Mapping,
}
