using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Profiles;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>What rules look at: a realm as it is now, and how the service is set up.</summary>
public sealed class ConformanceFacts(RealmSnapshot snapshot, TokenOptions options)
{
    /// <summary>A disabled client can do nothing, so it breaks no rule.</summary>
    private readonly Client[] _clients = [.. snapshot.Clients.Where(client => !client.Disabled).OrderBy(client => client.ClientId, StringComparer.Ordinal)];

    public Realm Realm => snapshot.Realm;

    public TokenOptions Options => options;

    public bool IsHttps { get; } = options.PublicAddress.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public bool IsFapi2(Client client) => SecurityProfiles.IsFapi2(Realm, client);

    /// <summary>Whether it sends users' browsers here.</summary>
    public static bool IsInteractive(Client client) => client.GrantTypes.Contains(AuthorizationCodeGrant.Name);

    public static bool Refreshes(Client client) => client.GrantTypes.Contains(RefreshTokenGrant.Name);

    public bool Pushes(Client client) => SecurityProfiles.RequiresPushedRequests(Realm, client);

    /// <summary>Whether it gets no token that is not bound to a key.</summary>
    public bool IsConstrained(Client client) =>
        IsFapi2(client) || Realm.Dpop.Required || client.DpopBoundAccessTokens || client.TlsClientCertificateBoundAccessTokens;

    /// <summary>Whether it authenticates by a key or a certificate, and in no other way.</summary>
    public bool IsStronglyAuthenticated(Client client) => client.ClientType != ClientType.Public
        && (IsFapi2(client)
            || client.TokenEndpointAuthMethod is TokenEndpointAuthMethods.PrivateKeyJwt or TokenEndpointAuthMethods.TlsClientAuth or TokenEndpointAuthMethods.SelfSignedTlsClientAuth
            || (client.TokenEndpointAuthMethod is null && client.Secrets.Count == 0));

    /// <summary>How many resource servers the client's scopes are of.</summary>
    public int AudienceCount(Client client) => client.Scopes.SelectMany(scope => snapshot.AudiencesOfScope(scope)).Distinct(StringComparer.Ordinal).Count();

    /// <summary>A rule that each of some clients must follow.</summary>
    /// <param name="concerned">Those that it is about.</param>
    /// <param name="follows">Whether one follows it.</param>
    /// <param name="met">The reason where all do.</param>
    /// <param name="notMet">The reason where some do not.</param>
    public ConformanceFinding Each(Func<Client, bool> concerned, Func<Client, bool> follows, string met, string notMet)
    {
        var all = _clients.Where(concerned).ToList();
        var offending = all.Where(client => !follows(client)).ToList();
        return offending.Count > 0
            ? ConformanceFinding.NotMet($"{notMet} ({offending.Count} of {all.Count} clients).") with
            {
                ClientIds = [.. offending.Take(ConformanceFinding.MaxClients).Select(client => client.ClientId)],
            }
            : ConformanceFinding.Met(all.Count > 0 ? $"{met} ({all.Count} clients)." : "The realm has no enabled client that the rule is about.");
    }
}
