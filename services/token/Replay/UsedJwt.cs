using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Replay;

/// <summary>That a JWT which counts once was used.</summary>
public sealed record UsedJwt
{
    private const int HashLength = 22;

    public required string RealmId { get; init; }

    /// <summary>Of its id, and of whose it is: ids of different senders have nothing to do with one another.</summary>
    public required string IdHash { get; init; }

    /// <summary>When nobody would believe the JWT anyway. It comes from the JWT alone, so that every replica says the same of it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>132 bits of the SHA-256: nobody finds two ids that share them, and who signs both would only refuse an answer to himself.</summary>
    /// <param name="owner">Of what kind, and whose.</param>
    /// <param name="id">Its own.</param>
    public static string HashOf(string owner, string id) => OpaqueValue.Hash($"{owner}\n{id}")[..HashLength];
}
