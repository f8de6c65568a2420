using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Upstream;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>Finds whose token comes of an assertion.</summary>
public sealed class AssertedSubjects(IUpstreamUsers users, RealmSnapshots realms)
{
    private const int Capacity = 10_000;

    // What realm-admin once said; whether it still holds the realm's snapshot tells.
    private readonly ConcurrentDictionary<(string RealmId, ExternalIdentity Identity), string> _known = [];

    /// <summary>The subject, and the realm that knows it.</summary>
    /// <exception cref="IamException">INVALID_GRANT where it is nobody's, or somebody's who is disabled; the outages.</exception>
    public async ValueTask<(RealmSnapshot Realm, Principal Subject)> FindAsync(
        RealmSnapshot realm, Client presenter, VerifiedAssertion assertion, CancellationToken cancellationToken)
    {
        var registration = assertion.Registration;
        var isOfClient = registration.Subject == AssertionSubject.PresentingClient;
        if (assertion.Token is { } token && token.Subject.Type != (isOfClient ? MemberType.Client : MemberType.User))
        {
            throw AssertionRefused.Because(isOfClient ? "The access token is a user's." : "The access token is a client's own.");
        }

        return registration.Subject switch
        {
            AssertionSubject.PresentingClient => (realm, Principal.Client(presenter.ClientId)),
            AssertionSubject.UserId => (realm, ById(realm, assertion)),
            _ => await ByIdentityAsync(realm, assertion, cancellationToken),
        };
    }

    private static Principal ById(RealmSnapshot realm, VerifiedAssertion assertion) =>
        StrictJson.TextOf(assertion.Claims, assertion.Registration.UserIdClaim ?? "sub") is { } userId && realm.FindUser(userId) is { Disabled: false }
            ? Principal.User(userId)
            : throw Unknown();

    private async Task<(RealmSnapshot Realm, Principal Subject)> ByIdentityAsync(
        RealmSnapshot realm, VerifiedAssertion assertion, CancellationToken cancellationToken)
    {
        var identity = new ExternalIdentity { Issuer = assertion.Issuer, Subject = StrictJson.TextOf(assertion.Claims, "sub")! };
        if (_known.TryGetValue((realm.RealmId, identity), out var known) && realm.FindUser(known) is { Disabled: false } user && user.ExternalIdentities.Contains(identity))
        {
            return (realm, Principal.User(known));
        }

        var resolved = await ResolveAsync(realm.RealmId, identity, assertion, cancellationToken);
        var current = await realms.GetAsync(realm.RealmId, resolved.Revision, cancellationToken);
        if (current.FindUser(resolved.UserId) is not { Disabled: false })
        {
            throw Unknown();
        }

        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        _known[(realm.RealmId, identity)] = resolved.UserId;
        return (current, Principal.User(resolved.UserId));
    }

    private async Task<UpstreamUser> ResolveAsync(
        string realmId, ExternalIdentity identity, VerifiedAssertion assertion, CancellationToken cancellationToken)
    {
        var subject = new UpstreamSubject(identity.Issuer, identity.Subject, ProviderClaims.DisplayName(assertion.Claims))
        {
            AssertionIssuer = assertion.Registration.Name,
        };
        try
        {
            return await users.ResolveAsync(realmId, subject, cancellationToken);
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.AccessDenied)
        {
            throw Unknown();
        }
    }

    private static IamException Unknown() => AssertionRefused.Because("The assertion's subject is nobody whom the realm knows.");
}
