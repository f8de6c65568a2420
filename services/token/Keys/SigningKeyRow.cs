namespace Pltfrms.Iam.Token.Keys;

/// <summary>A signing key as it is stored. <see cref="KeyStages"/> tells what it is good for at a time.</summary>
public sealed record SigningKeyRow
{
    public required string RealmId { get; init; }

    /// <summary>RFC 7638 thumbprint.</summary>
    public required string KeyId { get; init; }

    /// <summary>One of <see cref="Common.Jose.SignatureAlgorithms"/>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The private key in PKCS#8, encrypted by <see cref="KeyEncryption"/>; empty once the key is revoked.</summary>
    public required byte[] EncryptedPrivateKey { get; init; }

    /// <summary>The key-encryption key's id.</summary>
    public required string EncryptionKeyId { get; init; }

    /// <summary>Since then it is published.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it signs, unless it is revoked before.</summary>
    public required DateTimeOffset SignsFrom { get; init; }

    /// <summary>When its successor takes over; null: it has none yet.</summary>
    public DateTimeOffset? SignsUntil { get; init; }

    /// <summary>No token that it signs is valid for longer.</summary>
    public required TimeSpan LongestLifetime { get; init; }

    /// <summary>When it was found to be somebody else's too; null: it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}
