using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Clients;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Removes clients that were registered dynamically and got no token for as long as their realm allows.</summary>
public sealed class RemoveUnusedClients(
    IDatabase database, RegistrationTables tables, RealmWrites writes, RemoveResource remove, TimeProvider clock, ILogger<RemoveUnusedClients> log)
{
    private const int PageSize = 100;

    private static readonly Caller Self = new() { Kind = CallerKind.Service, Id = ServiceNames.RealmAdmin };

    /// <summary>One look at all realms.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var realm in await RealmsAsync(cancellationToken))
        {
            if (realm.ClientRegistration.UnusedLifetime is { } lifetime)
            {
                await RunAsync(realm.RealmId, clock.GetUtcNow() - lifetime, cancellationToken);
            }
        }
    }

    /// <summary>So many of a realm at a time; the rest go with the next look.</summary>
    private async Task RunAsync(string realmId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> unused;
        await using (var session = await database.BeginReadAsync(cancellationToken))
        {
            unused = await tables.Registrations.ListUnusedAsync(session, realmId, before, PageSize, cancellationToken);
        }

        foreach (var clientId in unused)
        {
            try
            {
                await RemoveAsync(realmId, clientId, before, cancellationToken);
            }
            catch (IamException refusal)
            {
                // Settings of the realm name it, or the database is away: the next look comes.
                log.UnusedClientStays(realmId, clientId, refusal.Message);
            }
        }
    }

    private async Task RemoveAsync(string realmId, string clientId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (await writes.BeginAsync(realmId, cancellationToken) is not { } write)
        {
            return;
        }

        await using var _ = write;
        // Once more, now that it counts: it may have been used, or be gone.
        if (await tables.Registrations.IsUnusedAsync(write.Session, realmId, clientId, before, cancellationToken)
            && await tables.Realms.FindAsync(write.Session, realmId, cancellationToken) is { } realm
            && await tables.Clients.FindAsync(write.Session, realmId, clientId, cancellationToken) is { DynamicallyRegistered: true } client)
        {
            await remove.ExecuteAsync(write, realm, client, cascade: true, "client_id", cancellationToken);
            await write.CommitAsync(Self, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<RegisteringRealm>> RealmsAsync(CancellationToken cancellationToken)
    {
        List<RegisteringRealm> realms = [];
        IReadOnlyList<RegisteringRealm> page;
        await using var session = await database.OpenAsync(cancellationToken);
        do
        {
            page = await tables.Unused.ListAsync(session, realms is [.., var last] ? last.RealmId : "", PageSize, cancellationToken);
            realms.AddRange(page);
        }
        while (page.Count == PageSize);

        return realms;
    }
}

/// <summary>The tables that unused clients are found in.</summary>
public sealed record RegistrationTables(RealmStore Realms, ClientStore Clients, RegistrationStore Registrations, UnusedClientStore Unused);
