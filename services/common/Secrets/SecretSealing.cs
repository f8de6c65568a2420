using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Common.Secrets;

/// <summary>
/// Encrypts secrets that a realm must show to others and that can therefore not be hashed: AES-256-GCM. Realm-admin seals them, the token
/// service opens them, and nobody on the way between the two can read them.
/// </summary>
/// <remarks>
/// Layout: version (1 byte), nonce (12), tag (16), ciphertext. The nonce is an HMAC of the secret and of what it is for, so that the same secret
/// for the same use is sealed to the same value, and an import that changes nothing changes nothing. What it is for is authenticated: a sealed
/// secret that is copied to another realm, issuer or client does not open there.
/// </remarks>
public sealed class SecretSealing
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = 1 + NonceSize + TagSize;
    private const string Setting = $"{SecretsSettings.Section}:{nameof(SecretsSettings.KeyFile)}";

    private readonly byte[]? _encryption;
    private readonly byte[]? _nonces;

    /// <exception cref="StartupException">The key file cannot be used.</exception>
    public SecretSealing(SecretsSettings settings)
    {
        if (settings.KeyFile is { Length: > 0 } file)
        {
            var key = KeyFile.Read(Setting, file);
            _encryption = Derive(key, "encryption");
            _nonces = Derive(key, "nonce");
        }
    }

    /// <summary>Whether there is a key.</summary>
    public bool IsPossible => _encryption is not null;

    /// <summary>In base64url.</summary>
    /// <param name="purpose">What the secret is for: whom it is shown to, and as whose.</param>
    /// <param name="secret">The secret.</param>
    public string Seal(string purpose, string secret)
    {
        var (text, associated) = (Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(purpose));
        var stored = new byte[Overhead + text.Length];
        stored[0] = Version;
        var nonce = stored.AsSpan(1, NonceSize);
        HMACSHA256.HashData(_nonces!, (byte[])[.. SHA256.HashData(associated), .. text]).AsSpan(0, NonceSize).CopyTo(nonce);
        using var aes = new AesGcm(_encryption!, TagSize);
        aes.Encrypt(nonce, text, stored.AsSpan(Overhead), stored.AsSpan(1 + NonceSize, TagSize), associated);
        return Base64Url.EncodeToString(stored);
    }

    /// <exception cref="CryptographicException">There is no key, or it was sealed with another, for another purpose, or changed since.</exception>
    public string Open(string purpose, string sealedSecret)
    {
        if (_encryption is null)
        {
            throw new CryptographicException($"{Setting} is not set.");
        }

        if (!Base64Url.IsValid(sealedSecret) || Base64Url.DecodeFromChars(sealedSecret) is not { Length: >= Overhead } stored || stored[0] != Version)
        {
            throw new CryptographicException("The sealed secret has an unknown layout.");
        }

        var text = new byte[stored.Length - Overhead];
        using var aes = new AesGcm(_encryption, TagSize);
        aes.Decrypt(stored.AsSpan(1, NonceSize), stored.AsSpan(Overhead), stored.AsSpan(1 + NonceSize, TagSize), text, Encoding.UTF8.GetBytes(purpose));
        return Encoding.UTF8.GetString(text);
    }

    private static byte[] Derive(byte[] key, string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyFile.KeySize, info: Encoding.ASCII.GetBytes($"pltfrms.iam.secrets/{use}"));
}
