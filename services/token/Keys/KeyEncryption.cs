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
    public const int KeySize = 32;

    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = 1 + NonceSize + TagSize;

    private const UnixFileMode OthersMayRead =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly byte[] _key;

    public KeyEncryption(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize);
        _key = key.ToArray();
    }

    /// <summary>Reads the key from a file that holds it in base64.</summary>
    /// <exception cref="StartupException">The file cannot be used; the message names the setting and the file.</exception>
    public static KeyEncryption FromFile(string path)
    {
        Span<byte> key = stackalloc byte[KeySize];
        if (!Convert.TryFromBase64String(Read(path).Trim(), key, out var written) || written != KeySize)
        {
            throw Unusable($"'{path}' does not hold {KeySize} bytes in base64; openssl rand -base64 {KeySize} makes them.");
        }

        return new KeyEncryption(key);
    }

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

    private static string Read(string path)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMayRead) != 0
                ? throw Unusable($"{path} can be read or written by others than its owner; chmod 600 it.")
                : File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unusable($"'{path}' cannot be read: {exception.Message}");
        }
    }

    private static StartupException Unusable(string why) =>
        new($"{TokenOptions.Section}:{nameof(TokenOptions.KeyEncryptionKeyFile)}: {why}");

    private static byte[] AssociatedData(string realmId, string keyId) => Encoding.UTF8.GetBytes($"{realmId}\0{keyId}");
}
