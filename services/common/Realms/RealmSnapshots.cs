namespace Pltfrms.Iam.Common.Realms;

/// <summary>The realms in use, each kept current by its stream from realm-admin; loaded on first use, bounded in memory.</summary>
public sealed class RealmSnapshots
{
    /// <summary>The realm as it is now: at least at <paramref name="minRevision"/>, and no older than the staleness bound.</summary>
    /// <param name="realmId">The realm.</param>
    /// <param name="minRevision">0: any.</param>
    /// <param name="cancellationToken">The call's deadline; what is waited for must come within it.</param>
    /// <exception cref="Errors.IamException">REALM_NOT_FOUND, REVISION_NOT_REACHED, REALM_FEED_UNAVAILABLE.</exception>
    public ValueTask<RealmSnapshot> GetAsync(string realmId, long minRevision, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>The realm as last seen, however old: for keys and metadata, which an outage must not take away.</summary>
    /// <exception cref="Errors.IamException">REALM_NOT_FOUND, REALM_FEED_UNAVAILABLE where it was never seen.</exception>
    public ValueTask<RealmSnapshot> GetLastKnownAsync(string realmId, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
