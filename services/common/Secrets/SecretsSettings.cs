using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Common.Secrets;

/// <summary>Section <c>Secrets</c>.</summary>
public sealed class SecretsSettings
{
    public const string Section = "Secrets";

    /// <summary>A file with 32 bytes in base64, the same for realm-admin and token; null: realms cannot have secrets that must be shown elsewhere.</summary>
    public string? KeyFile { get; set; }
}

/// <summary>A key file that cannot be used is found at start, not at the first login.</summary>
public sealed class SecretsSettingsValidator : IValidateOptions<SecretsSettings>
{
    public ValidateOptionsResult Validate(string? name, SecretsSettings options)
    {
        try
        {
            _ = new SecretSealing(options);
            return ValidateOptionsResult.Success;
        }
        catch (StartupException exception)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }
}
