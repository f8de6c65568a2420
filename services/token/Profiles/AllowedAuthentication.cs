using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Profiles;

/// <summary>How a client may authenticate: as it is registered for, and as its profile has it.</summary>
public static class AllowedAuthentication
{
    /// <summary>FAPI 2.0 section 5.3.2.1: "shall only support confidential clients" and "shall authenticate clients using [...] MTLS [...] or private_key_jwt".</summary>
    public static bool May(Realm realm, Client client, string method) =>
        (client.TokenEndpointAuthMethod is not { } only || only == method)
        && (!SecurityProfiles.IsFapi2(realm, client) || (MayInFapi2(method) && client.ClientType != ClientType.Public));

    /// <param name="realm">The realm.</param>
    /// <param name="client">The client.</param>
    /// <param name="method">Null: over gRPC, where there is one way to present a secret and RFC 7591 has no name for it.</param>
    public static bool MayUseSecret(Realm realm, Client client, string? method) => method is null
        ? May(realm, client, TokenEndpointAuthMethods.ClientSecretBasic) || May(realm, client, TokenEndpointAuthMethods.ClientSecretPost)
        : May(realm, client, method);

    /// <summary>With a certificate of either kind.</summary>
    public static bool MayUseCertificate(Realm realm, Client client) =>
        May(realm, client, TokenEndpointAuthMethods.TlsClientAuth) || May(realm, client, TokenEndpointAuthMethods.SelfSignedTlsClientAuth);

    /// <summary>Those of some methods that a realm's metadata names.</summary>
    public static IReadOnlyList<string> Offered(Realm realm, IEnumerable<string> methods) =>
        [.. methods.Where(method => !SecurityProfiles.IsFapi2(realm) || MayInFapi2(method))];

    private static bool MayInFapi2(string method) =>
        method is TokenEndpointAuthMethods.PrivateKeyJwt or TokenEndpointAuthMethods.TlsClientAuth or TokenEndpointAuthMethods.SelfSignedTlsClientAuth;
}
