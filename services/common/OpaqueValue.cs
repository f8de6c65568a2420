using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pltfrms.Iam.Common;

/// <summary>Codes, refresh tokens, challenges, client secrets, session ids and the like: 256 random bits that mean nothing, stored as their hash.</summary>
public static class OpaqueValue
{
    private const int Size = 32;
    private const int Length = 43;

    /// <summary>43 characters of base64url.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Whether a text has the form of one.</summary>
    public static bool IsOne(string text) => text.Length == Length && Base64Url.IsValid(text);

    /// <summary>What is stored of a text that may be one; null: it is none.</summary>
    public static string? HashOf(string text) => IsOne(text) ? Hash(text) : null;

    /// <summary>What is stored. One round is enough: nobody guesses 256 bits.</summary>
    public static string Hash(string value) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
