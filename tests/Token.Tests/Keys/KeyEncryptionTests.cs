using System.Security.Cryptography;
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

        Assert.Throws<AuthenticationTagMismatchException>(() => other.Decrypt("demo", "k1", stored));
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

        var refusal = Assert.Throws<StartupException>(() => KeyEncryption.FromFile(file));

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

        var refusal = Assert.Throws<StartupException>(() => KeyEncryption.FromFile(file));

        Assert.Equal($"Token:KeyEncryptionKeyFile: {file} can be read or written by others than its owner; chmod 600 it.", refusal.Message);
    }

    [Fact]
    public void Names_a_missing_key_file()
    {
        var refusal = Assert.Throws<StartupException>(() => KeyEncryption.FromFile("/nowhere/kek"));

        Assert.StartsWith("Token:KeyEncryptionKeyFile: '/nowhere/kek' cannot be read:", refusal.Message, StringComparison.Ordinal);
    }
}
