using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.MutualTls;

namespace Pltfrms.Iam.Token;

/// <summary>Refuses to start with settings that contradict the standards or each other.</summary>
public sealed class TokenOptionsValidator : IValidateOptions<TokenOptions>
{
    private static readonly TimeSpan LongestJwksMaxAge = TimeSpan.FromHours(24);

    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        // RFC 8414 section 2: an issuer has no query and no fragment.
        if (!Uri.TryCreate(options.PublicAddress, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
            || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
        {
            return Fail(nameof(TokenOptions.PublicAddress), "must be an absolute http or https address without query and fragment");
        }

        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            return Fail(nameof(TokenOptions.PublicAddress), "must be https beyond loopback (RFC 8414 section 2)");
        }

        if (options.DevelopmentLogin && !address.IsLoopback)
        {
            return Fail(nameof(TokenOptions.DevelopmentLogin), $"asks for no password and is for loopback only; {nameof(TokenOptions.PublicAddress)} is not");
        }

        if (options.RevocationPollInterval <= TimeSpan.Zero || options.RevocationStaleAfter < options.RevocationPollInterval)
        {
            return Fail(nameof(TokenOptions.RevocationStaleAfter), $"must not be below {nameof(TokenOptions.RevocationPollInterval)}, which must be positive");
        }

        if (options.JwksMaxAge < TimeSpan.Zero || options.JwksMaxAge > LongestJwksMaxAge)
        {
            return Fail(nameof(TokenOptions.JwksMaxAge), $"must be from 0 to {LongestJwksMaxAge.TotalHours} hours");
        }

        if (options.VerifiedTokensPerRealm < 2)
        {
            return Fail(nameof(TokenOptions.VerifiedTokensPerRealm), "must be 2 or more");
        }

        return ValidateLimits(options) ?? CertificateFailure(options) ?? ValidateKeyFile(options);
    }

    private static ValidateOptionsResult? ValidateLimits(TokenOptions options)
    {
        if (options.TokenEventQueueLength < 1)
        {
            return Fail(nameof(TokenOptions.TokenEventQueueLength), "must be 1 or more");
        }

        return options.RequestsPerAddressPerSecond < 1 || options.RequestsPerClientPerSecond < 1 || options.UserCodesPerAddressPerMinute < 1
            || options.RegistrationsPerAddressPerMinute < 1
            ? Fail(nameof(TokenOptions.RequestsPerAddressPerSecond), "and the other limits must be 1 or more")
            : null;
    }

    private static ValidateOptionsResult? CertificateFailure(TokenOptions options)
    {
        if (options.MutualTlsAddress is { } text
            && (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps
                || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0))
        {
            return Fail(nameof(TokenOptions.MutualTlsAddress), "must be an absolute https address without query and fragment");
        }

        if ((options.ClientCertificateHeader is null) != (options.ClientCertificateProxies.Count == 0))
        {
            return Fail(nameof(TokenOptions.ClientCertificateProxies), $"and {nameof(TokenOptions.ClientCertificateHeader)} must be set together: anybody can write a header");
        }

        return options.ClientCertificateProxies.FirstOrDefault(proxy => TrustedProxies.Parse(proxy) is null) is { } wrong
            ? Fail(nameof(TokenOptions.ClientCertificateProxies), $"must be addresses, or networks in CIDR notation; '{wrong}' is neither")
            : null;
    }

    private static ValidateOptionsResult ValidateKeyFile(TokenOptions options)
    {
        try
        {
            KeyEncryption.From(options);
            return ValidateOptionsResult.Success;
        }
        catch (StartupException exception)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }

    private static ValidateOptionsResult Fail(string setting, string what) =>
        ValidateOptionsResult.Fail($"{TokenOptions.Section}:{setting} {what}.");
}
