using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client;

/// <summary>RFC 7523 section 2.2: what this application presents in place of a secret, a JWT of its own for each request.</summary>
internal sealed class ClientAssertions : IDisposable
{
    /// <summary>Long enough for a request that is sent again, and for clocks that differ.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly IamClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly ClientKey? _key;

    public ClientAssertions(IOptions<IamClientOptions> options, TimeProvider clock)
    {
        _options = options.Value;
        _clock = clock;
        _key = KeyText(_options) is { } pem ? ClientKey.Read(pem) : null;
    }

    /// <summary>Sensitive: null where this application has a secret instead.</summary>
    public string? Make()
    {
        if (_key is null)
        {
            return null;
        }
        var now = _clock.GetUtcNow();
        var header = new Dictionary<string, object> { ["typ"] = "JWT" };
        if (_options.KeyId.Length > 0)
        {
            header["kid"] = _options.KeyId;
        }
        return _key.Sign(header, new Dictionary<string, object>
        {
            ["iss"] = _options.ClientId,
            ["sub"] = _options.ClientId,
            ["aud"] = _options.Issuer!.OriginalString,
            ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        });
    }

    public void Dispose() => _key?.Dispose();

    /// <summary>Sensitive: what this application proves itself with, and nobody else has.</summary>
    public static string SecretOf(IamClientOptions options) => KeyText(options) ?? options.ClientSecret;

    /// <summary>The faults of the settings that this one goes by.</summary>
    public static IEnumerable<(string Setting, string Fault)> Faults(IamClientOptions options)
    {
        if (options.PrivateKey.Length > 0 && options.PrivateKeyFile.Length > 0)
        {
            return [(nameof(options.PrivateKeyFile), "must not be there beside PrivateKey")];
        }
        var setting = options.PrivateKey.Length > 0 ? nameof(options.PrivateKey) : nameof(options.PrivateKeyFile);
        if (options.PrivateKey.Length == 0 && options.PrivateKeyFile.Length == 0)
        {
            return string.IsNullOrWhiteSpace(options.ClientSecret) ? [(nameof(options.ClientSecret), "is missing")] : [];
        }
        List<(string, string)> faults = [];
        if (options.ClientSecret.Length > 0)
        {
            faults.Add((nameof(options.ClientSecret), $"must not be there beside {setting}: a client authenticates in one way"));
        }
        if (options.Issuer is not { IsAbsoluteUri: true })
        {
            faults.Add((nameof(options.Issuer), $"is missing; what {setting} signs is for the realm's issuer"));
        }
        if (KeyFault(options) is { } fault)
        {
            faults.Add((setting, fault));
        }
        return faults;
    }

    private static string? KeyFault(IamClientOptions options)
    {
        try
        {
            ClientKey.Read(KeyText(options)!).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return "has no private key in PEM that can sign: EC of P-256 or P-384, or RSA of at least 2,048 bits";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {exception.Message}";
        }
    }

    private static string? KeyText(IamClientOptions options) =>
        options.PrivateKey.Length > 0 ? options.PrivateKey
        : options.PrivateKeyFile.Length > 0 ? File.ReadAllText(options.PrivateKeyFile)
        : null;
}
