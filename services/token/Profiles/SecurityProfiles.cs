using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.Profiles;

/// <summary>What the profile of a realm or of a client asks for beyond what always holds (FAPI 2.0 Security Profile sections 5.3.2 and 5.4).</summary>
public static class SecurityProfiles
{
    /// <summary>Section 5.4.1: "shall use PS256, ES256, or EdDSA".</summary>
    private static readonly string[] Fapi2Algorithms = [SignatureAlgorithms.Es256, SignatureAlgorithms.Ps256];

    public static bool IsFapi2(Realm realm) => realm.SecurityProfile == SecurityProfile.Fapi2;

    public static bool IsFapi2(Realm realm, Client client) => IsFapi2(realm) || client.SecurityProfile == SecurityProfile.Fapi2;

    /// <summary>Section 5.3.2.2: "shall reject authorization request parameters sent outside of the pushed request".</summary>
    public static bool RequiresPushedRequests(Realm realm, Client client) =>
        client.RequirePushedAuthorizationRequests || realm.SessionSettings.RequirePushedAuthorizationRequests || IsFapi2(realm, client);

    /// <summary>Those of some algorithms that what the client signs may be signed with.</summary>
    public static IEnumerable<string> Algorithms(Realm realm, Client client, IEnumerable<string> usual) =>
        IsFapi2(realm, client) ? usual.Intersect(Fapi2Algorithms) : usual;

    /// <summary>The same for metadata of a realm, of whose clients some may be held to more.</summary>
    public static IEnumerable<string> Algorithms(Realm realm, IEnumerable<string> usual) => IsFapi2(realm) ? usual.Intersect(Fapi2Algorithms) : usual;

    /// <summary>What a client's access tokens are signed with: with the same kind of key as it asks for, as the profile allows it.</summary>
    public static string TokenAlgorithm(Realm realm, Client client) => !IsFapi2(realm, client) ? client.AccessTokenSignedResponseAlg
        : client.AccessTokenSignedResponseAlg is SignatureAlgorithms.Rs256 or SignatureAlgorithms.Ps256 ? SignatureAlgorithms.Ps256
        : SignatureAlgorithms.Es256;

    /// <summary>Section 5.3.2.1: "shall not use refresh token rotation except in extraordinary circumstances".</summary>
    public static bool RotatesRefreshTokens(Realm realm, Client client) => !IsFapi2(realm, client);

    /// <summary>Section 5.3.2.1: "shall only issue sender-constrained access tokens".</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="client">Authenticated.</param>
    /// <param name="sender">What the request carries.</param>
    /// <param name="confirmation">What the token would be bound to; null: nothing.</param>
    /// <exception cref="IamException">SENDER_CONSTRAINT_REQUIRED.</exception>
    public static Confirmation? Constrained(Realm realm, Client client, SenderEvidence sender, Confirmation? confirmation) =>
        confirmation is not null || !IsFapi2(realm, client)
            ? confirmation
            : Confirmation.Of(jwkThumbprint: null, sender.CertificateThumbprint)
                ?? throw new IamException(ErrorReason.SenderConstraintRequired, "The profile has tokens bound to a key: there must be a DPoP proof or a certificate.");
}
