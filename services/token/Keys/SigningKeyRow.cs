namespace Pltfrms.Iam.Token.Keys;

/// <summary>A signing key as it is stored.</summary>
public sealed record SigningKeyRow
{
    public required string RealmId { get; init; }

    /// <summary>RFC 7638 thumbprint.</summary>
    public required string KeyId { get; init; }

    public required SigningKeyState State { get; init; }

    /// <summary>The private key in PKCS#8, encrypted by <see cref="KeyEncryption"/>.</summary>
    public required byte[] EncryptedPrivateKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Where a key is in its life. A realm has exactly one active key.</summary>
public enum SigningKeyState
{
    /// <summary>Published, so that resource servers know it before the first token signed with it.</summary>
    Announced,

    /// <summary>Signs.</summary>
    Active,

    /// <summary>Signs no more; published until its last token has expired.</summary>
    Retired,
}
