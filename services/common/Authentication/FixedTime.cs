using System.Runtime.Intrinsics;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>
/// Compares 32 bytes in a time that says nothing about them: as one vector. The platform's <c>CryptographicOperations.FixedTimeEquals</c> goes byte by byte and is
/// not optimized: some 1,400 instructions, in every call.
/// </summary>
public static class FixedTime
{
    /// <summary>In bytes; a SHA-256 has as many.</summary>
    public const int Size = 32;

    /// <exception cref="ArgumentException">One is not of this size.</exception>
    public static bool Equals(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        one.Length == Size && other.Length == Size
            ? Vector256.EqualsAll(Vector256.Create(one), Vector256.Create(other))
            : throw new ArgumentException($"Only {Size} bytes are compared.");
}
