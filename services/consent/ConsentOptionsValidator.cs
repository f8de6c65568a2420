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

        return ValidateOptionsResult.Success;
    }
}
