using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Feed;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>Begins writes to realms. Writers of one realm take turns; those of different realms do not meet (on PostgreSQL).</summary>
public sealed class RealmWrites(IDatabase database, RealmStore realms, RealmTables tables, WatchedRealms watched, TimeProvider clock)
{
    internal RealmStore Realms => realms;

    internal RealmTables Tables => tables;

    internal ChangeLogStore ChangeLog { get; } = new();

    internal WatchedRealms Watched => watched;

    internal TimeProvider Clock => clock;

    /// <summary>Waits for its turn and takes the realm's next revision; null where there is no such realm.</summary>
    public Task<RealmWrite?> BeginAsync(string realmId, CancellationToken cancellationToken) =>
        BeginAsync(realmId, create: null, cancellationToken);

    /// <summary>The same, but makes the realm where it does not exist: it then begins at revision 1.</summary>
    /// <exception cref="IamException">REALM_BEING_ERASED.</exception>
    public async Task<RealmWrite> BeginOrCreateAsync(Realm realm, CancellationToken cancellationToken) =>
        await BeginAsync(realm.RealmId, realm, cancellationToken)
        ?? throw RealmBeingErased.For(realm.RealmId);

    private async Task<RealmWrite?> BeginAsync(string realmId, Realm? create, CancellationToken cancellationToken)
    {
        var session = await database.BeginWriteAsync(cancellationToken);
        try
        {
            var created = create is not null && await realms.CreateAsync(session, create, cancellationToken);
            if (await realms.TakeRevisionAsync(session, realmId, cancellationToken) is { } revision)
            {
                return new RealmWrite(session, realmId, revision, this) { RealmCreated = created };
            }
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        await session.DisposeAsync();
        return null;
    }
}
