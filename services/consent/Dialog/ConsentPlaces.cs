using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

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
            : $"{AddressOf(realm.Realm)}{RealmRoute.Prefix}{challenge.RealmId}/consent/{value}");
    }

    /// <summary>An address with the challenge added to its query.</summary>
    public static string WithChallenge(string address, string value) =>
        $"{address}{(address.Contains('?') ? '&' : '?')}{Parameter}={value}";

    /// <summary>Where browsers reach this service, whatever the realm, without a slash at the end.</summary>
    public string PublicAddress() => (options.Value.PublicAddress ?? addresses.Http()).TrimEnd('/');

    /// <summary>Where a realm's users see its pages: the address that all realms share, or the realm's own host.</summary>
    public string AddressOf(Realm realm) => OwnHostOf(realm) is { } host ? $"{new Uri(PublicAddress()).Scheme}://{host}" : PublicAddress();

    /// <summary>Whether pages of the realm may be shown at a host: what lies under a realm's own host is of that realm alone.</summary>
    /// <param name="realm">The realm that the request's path names.</param>
    /// <param name="host">As <see cref="RequestHost"/> spells it; null: none that could be a realm's.</param>
    public bool IsHostOf(Realm realm, string? host) => !options.Value.OnRealmHosts || (host is not null && (host == SharedHost() || host == OwnHostOf(realm)));

    /// <summary>Whether browsers come over TLS.</summary>
    public bool IsSecure() => PublicAddress().StartsWith("https:", StringComparison.Ordinal);

    // The shared host is no realm's own, whatever a realm says.
    private string? OwnHostOf(Realm realm) => options.Value.OnRealmHosts && realm.HostName != SharedHost() ? realm.HostName : null;

    private string SharedHost() => new Uri(PublicAddress()).Authority.ToLowerInvariant();
}
