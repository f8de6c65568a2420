using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Consent;
using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.Token;
using Testing;

namespace Suite.Tests;

/// <summary>The realms' signing keys are the only keys that somebody has to keep; cookies and forms need none of the framework's.</summary>
public sealed class KeyRingsTests
{
    public static TheoryData<string> Services => ["token", "consent", "realm-admin"];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task No_service_has_a_key_ring_of_the_framework(string service)
    {
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = folder.File("key-encryption.key");
        await File.WriteAllTextAsync(file, Convert.ToBase64String(new byte[32]));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using var app = Build(
            service, new() { ["ServiceKey:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(), ["Token:KeyEncryptionKeyFile"] = file });

        Assert.Null(app.Services.GetService<IDataProtectionProvider>());
        Assert.Null(app.Services.GetService<IAntiforgery>());
    }

    private static WebApplication Build(string service, Dictionary<string, string?> settings) => service switch
    {
        "token" => TokenHost.Build([], settings),
        "consent" => ConsentHost.Build([], settings),
        _ => RealmAdminHost.Build([], settings),
    };
}
