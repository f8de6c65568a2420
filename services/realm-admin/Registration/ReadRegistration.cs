using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Shows a client how it is registered (RFC 7592 section 2.1).</summary>
public sealed class ReadRegistration(IDatabase database, OwnRegistration registrations)
{
    /// <exception cref="IamException">REALM_NOT_FOUND, NOT_OFFERED, UNAUTHENTICATED.</exception>
    public async Task<Registered> ExecuteAsync(string realmId, string clientId, string token, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var (own, next) = await registrations.RotateAsync(session, realmId, clientId, token, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return new()
        {
            Client = own.Client,
            RegistrationAccessToken = next,
            SoftwareStatement = own.Row.SoftwareStatement,
            Revision = own.Realm.Revision,
        };
    }
}
