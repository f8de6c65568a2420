using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Consent;

/// <summary>Refuses to start with settings that cannot be meant.</summary>
public sealed class ConsentOptionsValidator : IValidateOptions<ConsentOptions>
{
    public ValidateOptionsResult Validate(string? name, ConsentOptions options)
    {
        if (options.PublicAddress is { } text
            && (!Uri.TryCreate(text, UriKind.Absolute, out var address)
                || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
                || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0))
        {
            return ValidateOptionsResult.Fail(
                $"{ConsentOptions.Section}:{nameof(ConsentOptions.PublicAddress)} must be an https address without query and fragment, or http on loopback.");
        }

        TimeSpan[] intervals = [options.RevocationInterval, options.AnchorInterval, options.UserSweepInterval];
        return intervals.All(interval => interval >= TimeSpan.FromMilliseconds(10) && interval <= TimeSpan.FromDays(1))
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ConsentOptions.Section}:{nameof(ConsentOptions.RevocationInterval)}, {nameof(ConsentOptions.AnchorInterval)} and "
                + $"{nameof(ConsentOptions.UserSweepInterval)} must be from 10 ms to 1 day.");
    }
}
