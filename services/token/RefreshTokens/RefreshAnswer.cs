using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.RefreshTokens;

/// <summary>
/// Keeps the answer to a refresh so that the same request gets it again: encrypted under a key that is made of the refresh token itself,
/// of which the database has only the hash.
/// </summary>
public static class RefreshAnswer
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private static readonly byte[] Purpose = "pltfrms iam refresh answer"u8.ToArray();

    public static byte[] Encrypt(string refreshToken, IssuedToken answer)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(answer);
        var stored = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(stored.AsSpan(0, NonceSize));
        using var aes = new AesGcm(KeyOf(refreshToken), TagSize);
        aes.Encrypt(stored.AsSpan(0, NonceSize), plain, stored.AsSpan(NonceSize + TagSize), stored.AsSpan(NonceSize, TagSize));
        return stored;
    }

    /// <exception cref="CryptographicException">Of another refresh token, or changed since.</exception>
    public static IssuedToken Decrypt(string refreshToken, ReadOnlySpan<byte> stored)
    {
        var plain = new byte[stored.Length - NonceSize - TagSize];
        using var aes = new AesGcm(KeyOf(refreshToken), TagSize);
        aes.Decrypt(stored[..NonceSize], stored[(NonceSize + TagSize)..], stored.Slice(NonceSize, TagSize), plain);
        return JsonSerializer.Deserialize<IssuedToken>(plain) ?? throw new CryptographicException("The stored answer is empty.");
    }

    private static byte[] KeyOf(string refreshToken) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(refreshToken), KeySize, salt: null, info: Purpose);
}
