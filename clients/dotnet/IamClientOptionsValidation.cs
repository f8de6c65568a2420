using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.Dpop;

namespace Pltfrms.Iam.Client;

/// <summary>Names every wrong setting by its configuration key, so that the line in the log is the line to change.</summary>
internal sealed class IamClientOptionsValidation : IValidateOptions<IamClientOptions>
{
    /// <summary>gRPC carries a deadline as at most eight digits of a unit; a call that may take longer has no deadline worth the name.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestCache = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestStaleness = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, IamClientOptions options)
    {
        List<string> faults = [];
        if (options.Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            faults.Add(Fault(nameof(options.Address), "must be an http or https address, like https://iam.example:9080"));
        }
        else if (options.Address is not { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
        {
            // gRPC would leave it out without a word, and the calls arrive elsewhere than meant.
            faults.Add(Fault(nameof(options.Address), "must have no path, query, fragment or user, like https://iam.example:9080"));
        }
        Require(faults, nameof(options.RealmId), options.RealmId);
        Require(faults, nameof(options.ClientId), options.ClientId);
        faults.AddRange(ClientAssertions.Faults(options).Select(found => Fault(found.Setting, found.Fault)));
        faults.AddRange(DpopProofs.Faults(options).Select(found => Fault(found.Setting, found.Fault)));
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > LongestTimeout)
        {
            faults.Add(Fault(nameof(options.Timeout), "must be more than 0 and at most 10 minutes"));
        }
        if (options.RenewAhead < TimeSpan.Zero)
        {
            faults.Add(Fault(nameof(options.RenewAhead), "must not be negative"));
        }
        if (options.MaxCachedTokens < 1)
        {
            faults.Add(Fault(nameof(options.MaxCachedTokens), "must be at least 1"));
        }
        ValidateModes(faults, options);
        if (options.CallScopes.Any(string.IsNullOrWhiteSpace))
        {
            faults.Add(Fault(nameof(options.CallScopes), "must not hold an empty scope"));
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void ValidateModes(List<string> faults, IamClientOptions options)
    {
        if (options.Mode is not (IamMode.Remote or IamMode.Cached or IamMode.Local))
        {
            faults.Add(Fault(nameof(options.Mode), "must be Remote, Cached or Local"));
        }
        if (options.CacheFor <= TimeSpan.Zero || options.CacheFor > LongestCache)
        {
            faults.Add(Fault(nameof(options.CacheFor), "must be more than 0 and at most 1 hour"));
        }
        if (options.MaxCachedAnswers < 1)
        {
            faults.Add(Fault(nameof(options.MaxCachedAnswers), "must be at least 1"));
        }
        ValidateFeeds(faults, options);
    }

    private static void ValidateFeeds(List<string> faults, IamClientOptions options)
    {
        // Heartbeats come twice a second.
        if (options.FeedStaleAfter < TimeSpan.FromSeconds(1) || options.FeedStaleAfter > LongestStaleness)
        {
            faults.Add(Fault(nameof(options.FeedStaleAfter), "must be at least 1 second and at most 1 minute"));
        }
        if (options.MaxKnownTokens < 2)
        {
            faults.Add(Fault(nameof(options.MaxKnownTokens), "must be at least 2"));
        }
        if (options.Issuer is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" }))
        {
            faults.Add(Fault(nameof(options.Issuer), "must be the realm's issuer, like https://iam.example/realms/demo"));
        }
    }

    private static void Require(List<string> faults, string setting, string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            faults.Add(Fault(setting, "is missing"));
        }
    }

    private static string Fault(string setting, string what) => $"{IamClientOptions.SectionName}:{setting} {what}";
}
