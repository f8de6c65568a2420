using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>A document that was read and found right; docs/realm-document.md describes it.</summary>
public sealed record RealmDocument
{
    public required Realm Realm { get; init; }

    /// <summary>The realm and everything in it.</summary>
    public required IReadOnlyList<IRealmResource> Resources { get; init; }

    /// <summary>The clients whose secrets the document lists; the others keep those they have.</summary>
    public required IReadOnlySet<string> ClientsWithSecrets { get; init; }

    public bool KeepsSecrets(string clientId) => !ClientsWithSecrets.Contains(clientId);
}
