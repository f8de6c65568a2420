using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>The realms that register clients, and what they have become.</summary>
public sealed class RegisteringRealms(RealmSnapshots realms)
{
    /// <summary>The request's realm.</summary>
    /// <exception cref="IamException">NOT_OFFERED where it registers no clients; REALM_FEED_UNAVAILABLE.</exception>
    public async ValueTask<Realm> RequireAsync(HttpContext context)
    {
        var realm = (await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted)).Realm;
        return realm.ClientRegistration is not null
            ? realm
            : throw new IamException(ErrorReason.NotOffered, "The realm does not register clients.");
    }

    /// <summary>Waits until what was written is known here, so that it holds at once for whoever is answered.</summary>
    /// <exception cref="IamException">REVISION_NOT_REACHED, REALM_FEED_UNAVAILABLE.</exception>
    public async ValueTask ReachAsync(Realm realm, long revision, CancellationToken cancellationToken) =>
        await realms.GetAsync(realm.RealmId, revision, cancellationToken);
}
