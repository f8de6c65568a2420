using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Clients;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Finds the registration that a registration access token is of (RFC 7592 section 1.2).</summary>
public sealed class OwnRegistration(RealmStore realms, ClientStore clients, RegistrationStores stores)
{
    /// <summary>Nothing is written.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, NOT_OFFERED, UNAUTHENTICATED.</exception>
    public Task<OwnedRegistration> FindAsync(
        DatabaseSession session, string realmId, string clientId, string token, CancellationToken cancellationToken) =>
        FindAsync(
            session, realmId, clientId, token, hash => stores.Registrations.FindAsync(session, realmId, clientId, hash, cancellationToken), cancellationToken);

    /// <summary>The same, and another token takes over.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, NOT_OFFERED, UNAUTHENTICATED.</exception>
    public async Task<(OwnedRegistration Own, string NextToken)> RotateAsync(
        DatabaseSession session, string realmId, string clientId, string token, CancellationToken cancellationToken)
    {
        var next = OpaqueValue.New();
        var own = await FindAsync(
            session,
            realmId,
            clientId,
            token,
            hash => stores.Registrations.RotateAsync(session, realmId, clientId, hash, OpaqueValue.Hash(next), cancellationToken),
            cancellationToken);
        return (own, next);
    }

    private async Task<OwnedRegistration> FindAsync(
        DatabaseSession session,
        string realmId,
        string clientId,
        string token,
        Func<string, Task<RegistrationRow?>> find,
        CancellationToken cancellationToken)
    {
        var realm = await realms.FindAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        if (realm.ClientRegistration is not { } settings)
        {
            throw RegistrationRefusals.NotOffered();
        }

        // A client that an administrator has disabled, or made their own, does not manage itself.
        return OpaqueValue.HashOf(token) is { } hash
            && await find(hash) is { } row
            && await clients.FindAsync(session, realmId, clientId, cancellationToken) is { Disabled: false, DynamicallyRegistered: true } client
                ? new OwnedRegistration(realm, client, row, row.Policy ?? settings.Policy)
                : throw RegistrationRefusals.Unauthenticated();
    }
}

/// <summary>A registration whose own token was presented.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Client">The client.</param>
/// <param name="Row">What is kept besides.</param>
/// <param name="Policy">The policy that it must follow.</param>
public sealed record OwnedRegistration(Realm Realm, Client Client, RegistrationRow Row, ClientRegistrationPolicy Policy);
