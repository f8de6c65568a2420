using System.Security.Cryptography;

namespace Pltfrms.Iam.Common;

/// <summary>SHA-256 of what is hashed with every request.</summary>
public static class Sha256
{
    // Made once for each thread: to make one takes as long as to hash a token.
    [ThreadStatic]
    private static IncrementalHash? _hash;

    /// <param name="data">Any bytes.</param>
    /// <param name="hash">Of <see cref="SHA256.HashSizeInBytes"/>.</param>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        var incremental = _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        incremental.AppendData(data);
        incremental.GetHashAndReset(hash);
    }
}
