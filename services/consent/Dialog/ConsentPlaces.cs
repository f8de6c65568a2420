using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>Where a realm's users are asked.</summary>
public sealed class ConsentPlaces(IOptions<ConsentOptions> options, ListenAddresses addresses)
{
    /// <summary>The query parameter that carries a challenge to a realm's own page, and back to the token service.</summary>
    public const string Parameter = "consent_challenge";

    /// <summary>Where the browser goes with a new challenge. Nothing is stored yet; what this throws ends the authorization.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="challenge">The question, as it is about to be stored.</param>
    /// <param name="value">Sensitive: the challenge's value.</param>
    /// <param name="cancellationToken">The call's.</param>
    public Task<string> OpenAsync(RealmSnapshot realm, Challenge challenge, string value, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var settings = realm.Realm.ConsentSettings;
        return Task.FromResult(settings.CustomPageUri is { } page
            ? WithChallenge(page, value)
            : $"{PublicAddress()}/realms/{challenge.RealmId}/consent/{value}");
    }

    /// <summary>An address with the challenge added to its query.</summary>
    public static string WithChallenge(string address, string value) =>
        $"{address}{(address.Contains('?') ? '&' : '?')}{Parameter}={value}";

    /// <summary>Where browsers reach this service, without a slash at the end.</summary>
    public string PublicAddress() => (options.Value.PublicAddress ?? addresses.Http()).TrimEnd('/');
}
