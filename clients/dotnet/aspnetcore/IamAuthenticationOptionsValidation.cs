using System.Net;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client.AspNetCore;

/// <summary>Names every wrong setting by its configuration key.</summary>
internal sealed class IamAuthenticationOptionsValidation : IValidateOptions<IamAuthenticationOptions>
{
    public ValidateOptionsResult Validate(string? name, IamAuthenticationOptions options)
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(options.Audience))
        {
            faults.Add("Iam:Audience is missing");
        }
        if (options.DpopProofLifetime <= TimeSpan.Zero || options.DpopProofLifetime > TimeSpan.FromMinutes(10))
        {
            faults.Add("Iam:DpopProofLifetime must be more than 0 and at most 10 minutes");
        }
        if (options.MaxRememberedProofs < 1)
        {
            faults.Add("Iam:MaxRememberedProofs must be at least 1");
        }
        if (options.ClientCertificateHeader is not "" && options.TrustedProxies.Count == 0)
        {
            faults.Add("Iam:TrustedProxies is missing: Iam:ClientCertificateHeader is believed from these only");
        }
        faults.AddRange(options.TrustedProxies.Where(static network => !IPNetwork.TryParse(network, out _))
            .Select(static network => $"Iam:TrustedProxies: '{network}' is no network, like 10.0.0.0/8"));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
