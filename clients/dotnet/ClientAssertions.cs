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
        _key = Key(_options).Read();
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
    public static string SecretOf(IamClientOptions options) => Key(options).Text() ?? options.ClientSecret;

    /// <summary>The faults of the settings that this one goes by.</summary>
    public static IEnumerable<(string Setting, string Fault)> Faults(IamClientOptions options)
    {
        var key = Key(options);
        if (!key.IsSet)
        {
            return string.IsNullOrWhiteSpace(options.ClientSecret) ? [(nameof(options.ClientSecret), "is missing")] : [];
        }
        List<(string, string)> faults = [];
        if (options.ClientSecret.Length > 0)
        {
            faults.Add((nameof(options.ClientSecret), $"must not be there beside {key.Holding}: a client authenticates in one way"));
        }
        if (options.Issuer is not { IsAbsoluteUri: true })
        {
            faults.Add((nameof(options.Issuer), $"is missing; what {key.Holding} signs is for the realm's issuer"));
        }
        return faults.Concat(key.Faults());
    }

    private static KeySetting Key(IamClientOptions options) => new(nameof(options.PrivateKey), options.PrivateKey, options.PrivateKeyFile);
}
