using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Encrypts private keys for storage: AES-256-GCM under the key-encryption key.</summary>
/// <remarks>
/// Layout: version (1 byte), nonce (12), tag (16), ciphertext. Realm and key id are authenticated with it,
/// so that a row copied to another realm does not decrypt there.
/// </remarks>
public sealed class KeyEncryption
{
    public const int KeySize = KeyFile.KeySize;

    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = 1 + NonceSize + TagSize;

    private readonly byte[] _key;

    public KeyEncryption(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize);
        _key = key.ToArray();
    }

    /// <summary>Reads the key from a file that holds it in base64.</summary>
    /// <exception cref="StartupException">The file cannot be used; the message names the setting and the file.</exception>
    public static KeyEncryption FromFile(string path) =>
        new(KeyFile.Read($"{TokenOptions.Section}:{nameof(TokenOptions.KeyEncryptionKeyFile)}", path));

    /// <summary>A key for another use than encryption, which every replica derives alike (RFC 5869).</summary>
    public byte[] Derive(string use) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, KeySize, info: Encoding.UTF8.GetBytes(use));

    public byte[] Encrypt(string realmId, string keyId, ReadOnlySpan<byte> privateKey)
    {
        var stored = new byte[Overhead + privateKey.Length];
        stored[0] = Version;
        var nonce = stored.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, privateKey, stored.AsSpan(Overhead), stored.AsSpan(1 + NonceSize, TagSize), AssociatedData(realmId, keyId));
        return stored;
    }

    /// <exception cref="CryptographicException">Encrypted under another key, for another realm or key id, or changed since.</exception>
    public byte[] Decrypt(string realmId, string keyId, ReadOnlySpan<byte> stored)
    {
        if (stored.Length < Overhead || stored[0] != Version)
        {
            throw new CryptographicException("The stored private key has an unknown layout.");
        }

        var privateKey = new byte[stored.Length - Overhead];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(stored.Slice(1, NonceSize), stored[Overhead..], stored.Slice(1 + NonceSize, TagSize), privateKey, AssociatedData(realmId, keyId));
        return privateKey;
    }

    private static byte[] AssociatedData(string realmId, string keyId) => Encoding.UTF8.GetBytes($"{realmId}\0{keyId}");
}
