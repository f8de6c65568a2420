using System.Buffers.Text;
using System.Security.Cryptography;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Testing;

namespace Common.Tests.Secrets;

public sealed class SecretSealingTests : IDisposable
{
    private const string Secret = "a secret, ä and more";

    private readonly TemporaryFolder _folder = new();
    private readonly SecretSealing _sealing;

    public SecretSealingTests() => _sealing = Sealing(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_sealed_opens_for_its_purpose_only()
    {
        var secret = _sealing.Seal("a", Secret);

        Assert.Equal(Secret, _sealing.Open("a", secret));
        Assert.Throws<AuthenticationTagMismatchException>(() => _sealing.Open("b", secret));
        Assert.Throws<AuthenticationTagMismatchException>(() => Sealing(2).Open("a", secret));
        Assert.Throws<CryptographicException>(() => new SecretSealing(new SecretsSettings()).Open("a", secret));
    }

    [Fact]
    public void The_same_is_sealed_to_the_same_and_anything_else_to_something_else()
    {
        var secret = _sealing.Seal("a", Secret);

        Assert.Equal(secret, Sealing(1).Seal("a", Secret));
        Assert.Equal(4, new[] { secret, _sealing.Seal("b", Secret), _sealing.Seal("a", Secret + "."), Sealing(2).Seal("a", Secret) }
            .Select(text => text[..20]).Distinct().Count());
    }

    [Fact]
    public void What_was_changed_does_not_open()
    {
        var bytes = Base64Url.DecodeFromChars(_sealing.Seal("a", Secret));
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => _sealing.Open("a", Base64Url.EncodeToString(changed)));
        }

        foreach (var text in new[] { "", "?", "AAAA", Base64Url.EncodeToString(bytes.AsSpan(0, 28)) })
        {
            Assert.ThrowsAny<CryptographicException>(() => _sealing.Open("a", text));
        }
    }

    [Fact]
    public void A_realms_secret_is_of_its_realm_its_provider_and_its_client()
    {
        var secrets = new UpstreamSecrets(_sealing);
        var upstream = new UpstreamProvider { Issuer = "https://op.example", ClientId = "c", ClientSecret = Secret };
        var kept = secrets.Sealed(new Realm { RealmId = "r", LoginSettings = new() { Upstream = upstream } }).LoginSettings.Upstream!;

        Assert.Null(kept.ClientSecret);
        Assert.Equal(Secret, secrets.Open("r", kept));
        Assert.ThrowsAny<CryptographicException>(() => secrets.Open("other", kept));
        Assert.ThrowsAny<CryptographicException>(() => secrets.Open("r", kept with { Issuer = "https://evil.example" }));
        Assert.ThrowsAny<CryptographicException>(() => secrets.Open("r", kept with { ClientId = "d" }));
    }

    [Fact]
    public void A_key_that_cannot_be_used_is_found_at_start()
    {
        var file = _folder.File("short.key");
        File.WriteAllText(file, "AAAA");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        var refusal = Assert.Throws<StartupException>(() => new SecretSealing(new SecretsSettings { KeyFile = file }));

        Assert.Equal($"Secrets:KeyFile: '{file}' does not hold 32 bytes in base64; openssl rand -base64 32 makes them.", refusal.Message);
        Assert.Equal([refusal.Message], new SecretsSettingsValidator().Validate(null, new SecretsSettings { KeyFile = file }).Failures);
    }

    private SecretSealing Sealing(byte seed)
    {
        var file = _folder.File($"{seed}.key");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, Convert.ToBase64String([.. Enumerable.Repeat(seed, 32)]));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        return new SecretSealing(new SecretsSettings { KeyFile = file });
    }
}
