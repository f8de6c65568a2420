using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>
/// Encrypts private keys for storage: AES-256-GCM under the current key-encryption key. Decrypts what the current one or one before it encrypted.
/// </summary>
/// <remarks>
/// Layout: version (1 byte), id of the key-encryption key (8), nonce (12), tag (16), ciphertext. Realm, key id and purpose are authenticated with it,
/// so that a row copied to another realm does not decrypt there. Version 1 had neither the id nor the purpose.
/// </remarks>
public sealed class KeyEncryption
{
    public const int KeySize = KeyFile.KeySize;

    private const byte Version = 2;
    private const byte FirstVersion = 1;
    private const int IdSize = 8;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const string Purpose = "access-token-signing";

    private readonly byte[] _key;
    private readonly Dictionary<string, byte[]> _keys;

    public KeyEncryption(ReadOnlySpan<byte> key, params IReadOnlyList<byte[]> previousKeys)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize);
        _key = key.ToArray();
        CurrentId = IdOf(_key);
        _keys = new[] { _key }.Concat(previousKeys).DistinctBy(IdOf).ToDictionary(IdOf, StringComparer.Ordinal);
    }

    /// <summary>Of the key that encrypts. It is made from the key, so that no two are ever confused, and tells nothing of it.</summary>
    public string CurrentId { get; }

    /// <summary>Those of all keys that are configured.</summary>
    public IReadOnlyCollection<string> Ids => _keys.Keys;

    /// <summary>Reads the keys from the files that the settings name.</summary>
    /// <exception cref="StartupException">A file cannot be used; the message names the setting and the file.</exception>
    public static KeyEncryption From(TokenOptions options) => new(
        FromFile(nameof(TokenOptions.KeyEncryptionKeyFile), options.KeyEncryptionKeyFile),
        [.. options.PreviousKeyEncryptionKeyFiles.Select((file, i) => FromFile($"{nameof(TokenOptions.PreviousKeyEncryptionKeyFiles)}:{i}", file))]);

    /// <summary>A key for another use than encryption, which every replica derives alike (RFC 5869). It changes with the current key.</summary>
    public byte[] Derive(string use) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, KeySize, info: Encoding.UTF8.GetBytes(use));

    /// <summary>The same from each key that is configured, the current one first: for what a replica with another current key may have made.</summary>
    public IReadOnlyList<byte[]> DeriveWithEach(string use) =>
        [.. _keys.Values.Select(key => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeySize, info: Encoding.UTF8.GetBytes(use)))];

    public byte[] Encrypt(string realmId, string keyId, ReadOnlySpan<byte> privateKey)
    {
        var stored = new byte[1 + IdSize + NonceSize + TagSize + privateKey.Length];
        stored[0] = Version;
        Convert.FromHexString(CurrentId, stored.AsSpan(1, IdSize), out _, out _);
        var sealedPart = stored.AsSpan(1 + IdSize);
        var nonce = sealedPart[..NonceSize];
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(
            nonce, privateKey, sealedPart[(NonceSize + TagSize)..], sealedPart.Slice(NonceSize, TagSize), AssociatedData(realmId, keyId, Purpose));
        return stored;
    }

    /// <exception cref="CryptographicException">Encrypted under a key that is not configured, for another realm or key id, or changed since.</exception>
    public byte[] Decrypt(string realmId, string keyId, ReadOnlySpan<byte> stored) => stored switch
    {
        [Version, .. var rest] when rest.Length >= IdSize + NonceSize + TagSize => Open(
            KeyOf(Convert.ToHexStringLower(rest[..IdSize])), rest[IdSize..], AssociatedData(realmId, keyId, Purpose)),
        [FirstVersion, .. var rest] when rest.Length >= NonceSize + TagSize => OpenWithAny(rest, AssociatedData(realmId, keyId)),
        _ => throw new CryptographicException("The stored private key has an unknown layout."),
    };

    private byte[] KeyOf(string id) => _keys.GetValueOrDefault(id)
        ?? throw new CryptographicException($"The private key is encrypted under the key-encryption key {id}, which is not configured.");

    private byte[] OpenWithAny(ReadOnlySpan<byte> sealedPart, byte[] associatedData)
    {
        foreach (var key in _keys.Values.SkipLast(1))
        {
            try
            {
                return Open(key, sealedPart, associatedData);
            }
            catch (AuthenticationTagMismatchException)
            {
                // The version says nothing of the key: the next one may be it.
            }
        }

        return Open(_keys.Values.Last(), sealedPart, associatedData);
    }

    private static byte[] Open(byte[] key, ReadOnlySpan<byte> sealedPart, byte[] associatedData)
    {
        var privateKey = new byte[sealedPart.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(sealedPart[..NonceSize], sealedPart[(NonceSize + TagSize)..], sealedPart.Slice(NonceSize, TagSize), privateKey, associatedData);
        return privateKey;
    }

    private static string IdOf(byte[] key) =>
        Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, IdSize, info: "key-encryption-key-id"u8.ToArray()));

    private static byte[] FromFile(string setting, string path) => KeyFile.Read($"{TokenOptions.Section}:{setting}", path);

    private static byte[] AssociatedData(params string[] parts) => Encoding.UTF8.GetBytes(string.Join('\0', parts));
}
