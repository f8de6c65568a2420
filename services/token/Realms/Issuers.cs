using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Realms;

/// <summary>A realm's issuer identifier and the addresses below it (RFC 8414 section 2).</summary>
public sealed class Issuers(TokenOptions options)
{
    private readonly string _prefix = $"{options.PublicAddress.TrimEnd('/')}{RealmRoute.Prefix}";
    private readonly string? _mutualTlsPrefix = options.MutualTlsAddress is { } address ? $"{address.TrimEnd('/')}{RealmRoute.Prefix}" : null;
    private readonly string? _mutualTlsHost = options.MutualTlsAddress is { } address ? new Uri(address).Authority.ToLowerInvariant() : null;
    private readonly string _scheme = $"{new Uri(options.PublicAddress).Scheme}://";

    /// <summary>The host, with a port where it is not the scheme's, that all realms share. It is no realm's own, whatever a realm says.</summary>
    public string SharedHost { get; } = new Uri(options.PublicAddress).Authority.ToLowerInvariant();

    /// <summary>Whether plain requests go to port 443.</summary>
    public bool IsHttps => _scheme == "https://";

    public string Of(Realm realm) => HostNameOf(realm) is { } hostName ? _scheme + hostName : _prefix + realm.RealmId;

    /// <summary>The issuer with the realm's id, which never is another realm's, whatever host name the realm has.</summary>
    public string WithIdOf(Realm realm) => _prefix + realm.RealmId;

    /// <summary>The address below which a browser is: the one that all realms share, or the realm's own.</summary>
    public string BaseOf(HttpContext context, Realm realm) => RequestedRealm.IsOnOwnHost(context) ? Of(realm) : _prefix + realm.RealmId;

    /// <summary>The address below which clients find the realm's endpoints with their certificates (RFC 8705 section 5); null: where they are anyway.</summary>
    public string? MutualTlsBaseOf(Realm realm) => _mutualTlsPrefix is null ? null : _mutualTlsPrefix + realm.RealmId;

    /// <summary>Whether a host is no realm's own, whatever a realm says.</summary>
    public bool IsShared(string host) => host == SharedHost || host == _mutualTlsHost;

    /// <summary>
    /// Where a realm's endpoint is: below its issuer, at the address that all realms share, which for one with a host name is another, and where clients
    /// come with certificates.
    /// </summary>
    public IReadOnlyList<string> AddressesOf(Realm realm, string path) => (HostNameOf(realm), MutualTlsBaseOf(realm)) switch
    {
        (null, null) => [Of(realm) + path],
        (null, var mutualTls) => [Of(realm) + path, mutualTls + path],
        (_, null) => [Of(realm) + path, $"{_prefix}{realm.RealmId}{path}"],
        var (_, mutualTls) => [Of(realm) + path, $"{_prefix}{realm.RealmId}{path}", mutualTls + path],
    };

    /// <summary>The realm's own host name; null: it has none.</summary>
    public string? HostNameOf(Realm realm) => realm.HostName is { } host && !IsShared(host) ? host : null;

    /// <summary>
    /// Whether tokens of an issuer are the realm's: its issuer, or the one with its id, which never is another realm's. A host name that the realm
    /// had before may be another's now.
    /// </summary>
    public bool IsOf(string issuer, Realm realm) =>
        IsMadeOf(issuer, _prefix, realm.RealmId) || (HostNameOf(realm) is { } hostName && IsMadeOf(issuer, _scheme, hostName));

    /// <summary>Without making a string of it.</summary>
    private static bool IsMadeOf(string issuer, string start, string end) =>
        issuer.Length == start.Length + end.Length
        && issuer.StartsWith(start, StringComparison.Ordinal)
        && issuer.EndsWith(end, StringComparison.Ordinal);
}
