using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Secrets;

/// <summary>The client secrets that realms have at their OpenID providers.</summary>
public sealed class UpstreamSecrets(SecretSealing sealing)
{
    private const string Field = "login_settings.upstream.client_secret";

    /// <summary>The realm with its new secret sealed; the same where it has none.</summary>
    /// <exception cref="IamException">INVALID_ARGUMENT where there is no key to seal it with.</exception>
    public Realm Sealed(Realm realm)
    {
        if (realm.LoginSettings.Upstream is not { ClientSecret: { } secret } upstream)
        {
            return realm;
        }

        if (!sealing.IsPossible)
        {
            const string Why = "cannot be kept: the service has no Secrets:KeyFile";
            throw new IamException(ErrorReason.InvalidArgument, $"{Field}: {Why}") { Violations = [new(Field, Why)] };
        }

        var kept = upstream with { ClientSecret = null, SealedClientSecret = sealing.Seal(PurposeOf(realm.RealmId, upstream), secret) };
        return realm with { LoginSettings = realm.LoginSettings with { Upstream = kept } };
    }

    /// <summary>The realm with the secret that it had, where it says nothing of one and is the same client at the same provider.</summary>
    /// <remarks>Another issuer never gets it: whoever may change the realm could have it sent to themselves.</remarks>
    public static Realm Kept(Realm realm, Realm stored) =>
        realm.LoginSettings.Upstream is { SealedClientSecret: null } upstream
        && stored.LoginSettings.Upstream is { SealedClientSecret: { } secret } was
        && was.Issuer == upstream.Issuer && was.ClientId == upstream.ClientId
            ? realm with { LoginSettings = realm.LoginSettings with { Upstream = upstream with { SealedClientSecret = secret } } }
            : realm;

    /// <summary>Sensitive: the secret to show to the provider; null: the realm is a public client there.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It cannot be opened.</exception>
    public string? Open(string realmId, UpstreamProvider upstream) =>
        upstream.SealedClientSecret is { } secret ? sealing.Open(PurposeOf(realmId, upstream), secret) : null;

    private static string PurposeOf(string realmId, UpstreamProvider upstream) => $"upstream\0{realmId}\0{upstream.Issuer}\0{upstream.ClientId}";
}
