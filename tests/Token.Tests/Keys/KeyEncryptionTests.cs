using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Token.Keys;
using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.Keys;

public sealed class KeyEncryptionTests
{
    private static readonly byte[] PrivateKey = [1, 2, 3, 4, 5];

    private readonly KeyEncryption _encryption = new(new byte[KeyEncryption.KeySize]);

    [Fact]
    public void Gives_back_what_was_encrypted() =>
        Assert.Equal(PrivateKey, _encryption.Decrypt("demo", "k1", _encryption.Encrypt("demo", "k1", PrivateKey)));

    [Fact]
    public void Never_encrypts_alike_twice() =>
        Assert.NotEqual(_encryption.Encrypt("demo", "k1", PrivateKey), _encryption.Encrypt("demo", "k1", PrivateKey));

    [Theory]
    [InlineData("other", "k1")]
    [InlineData("demo", "k2")]
    public void Refuses_a_row_copied_to_another_realm_or_key(string realmId, string keyId)
    {
        var stored = _encryption.Encrypt("demo", "k1", PrivateKey);

        Assert.Throws<AuthenticationTagMismatchException>(() => _encryption.Decrypt(realmId, keyId, stored));
    }

    [Fact]
    public void Refuses_every_changed_byte()
    {
        var stored = _encryption.Encrypt("demo", "k1", PrivateKey);
        for (var i = 0; i < stored.Length; i++)
        {
            var changed = (byte[])stored.Clone();
            changed[i] ^= 1;

            Assert.ThrowsAny<CryptographicException>(() => _encryption.Decrypt("demo", "k1", changed));
        }
    }

    [Fact]
    public void Refuses_another_key_encryption_key()
    {
        var stored = _encryption.Encrypt("demo", "k1", PrivateKey);
        var other = new KeyEncryption([.. Enumerable.Repeat((byte)7, KeyEncryption.KeySize)]);

        var refusal = Assert.Throws<CryptographicException>(() => other.Decrypt("demo", "k1", stored));
        Assert.Equal($"The private key is encrypted under the key-encryption key {_encryption.CurrentId}, which is not configured.", refusal.Message);
    }

    [Fact]
    public void Reads_what_a_previous_key_encrypted_and_encrypts_under_the_current_one()
    {
        byte[] next = [.. Enumerable.Repeat((byte)7, KeyEncryption.KeySize)];
        var both = new KeyEncryption(next, new byte[KeyEncryption.KeySize]);
        var alone = new KeyEncryption(next);

        Assert.Equal(PrivateKey, both.Decrypt("demo", "k1", _encryption.Encrypt("demo", "k1", PrivateKey)));
        Assert.Equal(PrivateKey, alone.Decrypt("demo", "k1", both.Encrypt("demo", "k1", PrivateKey)));
        Assert.Equal((alone.CurrentId, 2), (both.CurrentId, both.Ids.Count));
    }

    [Fact]
    public void Reads_the_first_layout_which_names_no_key()
    {
        var stored = FirstLayout("demo", "k1");

        Assert.Equal(PrivateKey, _encryption.Decrypt("demo", "k1", stored));
        Assert.Equal(
            PrivateKey, new KeyEncryption([.. Enumerable.Repeat((byte)7, 32)], new byte[KeyEncryption.KeySize]).Decrypt("demo", "k1", stored));
        Assert.Throws<AuthenticationTagMismatchException>(() => _encryption.Decrypt("other", "k1", stored));
    }

    [Fact]
    public void Refuses_what_was_encrypted_for_another_purpose()
    {
        // The same realm, key id and key-encryption key, but without the purpose of a signing key.
        var stored = _encryption.Encrypt("demo", "k1", PrivateKey);
        var other = FirstLayout("demo", "k1");
        byte[] mixed = [.. stored[..9], .. other[1..]];

        Assert.Throws<AuthenticationTagMismatchException>(() => _encryption.Decrypt("demo", "k1", mixed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw==")]
    public void Says_what_is_wrong_with_a_key_file(string content)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("kek");
        PrivateFile.Write(file, content);

        var refusal = Assert.Throws<StartupException>(() => KeyEncryption.From(new() { KeyEncryptionKeyFile = file }));

        Assert.Equal(
            $"Token:KeyEncryptionKeyFile: '{file}' does not hold 32 bytes in base64; openssl rand -base64 32 makes them.", refusal.Message);
    }

    [Fact]
    public void Refuses_a_key_file_that_others_can_read()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("kek");
        PrivateFile.Write(file, Convert.ToBase64String(new byte[32]));
        PrivateFile.Allow(file, UnixFileMode.OtherRead);

        var refusal = Assert.Throws<StartupException>(() => KeyEncryption.From(new() { KeyEncryptionKeyFile = file }));

        Assert.Equal($"Token:KeyEncryptionKeyFile: {file} can be read or written by others than its owner; chmod 600 it.", refusal.Message);
    }

    [Fact]
    public void Names_a_missing_key_file()
    {
        var refusal = Assert.Throws<StartupException>(() => KeyEncryption.From(new() { KeyEncryptionKeyFile = "/nowhere/kek" }));

        Assert.StartsWith("Token:KeyEncryptionKeyFile: '/nowhere/kek' cannot be read:", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_missing_file_of_a_previous_key()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("kek");
        PrivateFile.Write(file, Convert.ToBase64String(new byte[32]));

        var refusal = Assert.Throws<StartupException>(
            () => KeyEncryption.From(new() { KeyEncryptionKeyFile = file, PreviousKeyEncryptionKeyFiles = [file, "/nowhere/old"] }));

        Assert.StartsWith("Token:PreviousKeyEncryptionKeyFiles:1: '/nowhere/old' cannot be read:", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>As it was written before key-encryption keys had ids.</summary>
    internal static byte[] FirstLayout(string realmId, string keyId, byte[]? privateKey = null)
    {
        privateKey ??= PrivateKey;
        var stored = new byte[29 + privateKey.Length];
        stored[0] = 1;
        using var aes = new AesGcm(new byte[KeyEncryption.KeySize], 16);
        aes.Encrypt(stored.AsSpan(1, 12), privateKey, stored.AsSpan(29), stored.AsSpan(13, 16), Encoding.UTF8.GetBytes($"{realmId}\0{keyId}"));
        return stored;
    }
}
