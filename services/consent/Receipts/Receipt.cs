namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>What was recorded at one time about one user: immutable, a link of the realm's chain.</summary>
public sealed record Receipt
{
    public required string RealmId { get; init; }

    /// <summary>From 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>Null: the user is erased. Not part of the chain, which has <see cref="Subject"/>.</summary>
    public string? UserId { get; init; }

    /// <summary>What makes <see cref="Subject"/> of the user's id; erased with it.</summary>
    public string? Salt { get; init; }

    /// <summary>SHA-256 over salt and user id: stands for the user, and tells nothing once the salt is gone.</summary>
    public required string Subject { get; init; }

    /// <summary>The decisions as JSON, see <see cref="ReceiptLine"/>; hashed as it stands here.</summary>
    public required string Consents { get; init; }

    /// <summary>How: one of <see cref="Consents.ConsentMethods"/>.</summary>
    public required string Method { get; init; }

    /// <summary>The administrator; empty: the user.</summary>
    public required string ActorId { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The link to the receipt before, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }
}
