using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Plans;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>
/// Makes a realm what a document says: everything is checked, then compared with what is stored, then applied in one transaction at one revision.
/// </summary>
public sealed class ImportRealm(
    IDatabase database, RealmTables tables, RealmWrites writes, ErasureStore erasure, HoldingsReader holdings, UpstreamSecrets secrets)
{
    /// <param name="caller">Who imports.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="text">The document.</param>
    /// <param name="planEtag">Of the plan that the import must follow; empty: none.</param>
    /// <param name="cancellationToken">Of the call.</param>
    /// <exception cref="IamException">INVALID_REALM_DOCUMENT with every error; PERMISSION_DENIED; ETAG_MISMATCH.</exception>
    public async Task<ImportResult> ExecuteAsync(
        Caller caller, string realmId, string text, string planEtag, CancellationToken cancellationToken)
    {
        var document = Read(text, realmId);
        return await ApplyAsync(caller, document, stored => PlanEtag.Require(planEtag, text, document, stored), cancellationToken);
    }

    /// <summary>The same, but only compares.</summary>
    /// <exception cref="IamException">INVALID_REALM_DOCUMENT with every error; PERMISSION_DENIED; ETAG_MISMATCH.</exception>
    public async Task<ImportResult> CompareAsync(
        Caller caller, string realmId, string text, string planEtag, CancellationToken cancellationToken)
    {
        var (document, stored, changes) = await CompareAsync(caller, realmId, text, cancellationToken);
        PlanEtag.Require(planEtag, text, document, stored);
        return new ImportResult(stored.OfType<Realm>().SingleOrDefault()?.Revision ?? 0, changes);
    }

    /// <summary>The document, what is stored (nothing: the realm does not exist), and the difference.</summary>
    /// <exception cref="IamException">INVALID_REALM_DOCUMENT with every error; PERMISSION_DENIED.</exception>
    internal async Task<(RealmDocument Document, IReadOnlyList<IRealmResource> Stored, IReadOnlyList<RealmChange> Changes)> CompareAsync(
        Caller caller, string realmId, string text, CancellationToken cancellationToken)
    {
        var document = Read(text, realmId);
        await using var session = await database.BeginReadAsync(cancellationToken);
        var stored = await tables.ReadAsync(session, realmId, cancellationToken);
        await RequireMayAsync(session, caller, realmId, creates: stored is null, cancellationToken);
        if (stored is null)
        {
            await RequireFreeAsync(session, realmId, cancellationToken);
        }

        var changes = RealmDifference.Between(stored ?? [], document, caller.Id, writes.Clock.GetUtcNow());
        HostNameTaken.RequireMayChange(caller, changes);
        return (document, stored ?? [], changes);
    }

    private RealmDocument Read(string text, string realmId)
    {
        var document = RealmDocumentReader.Read(text, realmId, holdings.Platform.Is(realmId));
        var realm = secrets.Sealed(document.Realm);
        return ReferenceEquals(realm, document.Realm)
            ? document
            : document with { Realm = realm, Resources = [.. document.Resources.Select(resource => resource is Realm ? realm : resource)] };
    }

    private async Task<ImportResult> ApplyAsync(
        Caller caller, RealmDocument document, Action<IReadOnlyList<IRealmResource>> requirePlan, CancellationToken cancellationToken)
    {
        var now = writes.Clock.GetUtcNow();
        await using var write = await BeginAsync(caller, document.Realm with { CreatedAt = now }, cancellationToken);
        IReadOnlyList<IRealmResource> stored = write.RealmCreated
            ? []
            : await tables.ReadAsync(write.Session, document.Realm.RealmId, cancellationToken) ?? [];
        requirePlan(stored);
        var changes = RealmDifference.Between(stored, document, caller.Id, now);
        if (changes.Count == 0)
        {
            return new ImportResult(write.Revision - 1, changes);
        }

        foreach (var narrowed in RealmDifference.Releases(changes))
        {
            await tables.UpsertAsync(write.Session, narrowed, cancellationToken);
        }

        await write.ApplyAsync(changes, cancellationToken);

        await write.CommitAsync(caller, cancellationToken);
        return new ImportResult(write.Revision, changes);
    }

    /// <summary>What the caller may do is read when the write has the realm to itself: a right whose loss is committed imports nothing.</summary>
    private async Task<RealmWrite> BeginAsync(Caller caller, Realm realm, CancellationToken cancellationToken)
    {
        var write = await writes.BeginAsync(realm.RealmId, cancellationToken) ?? await BeginCreateAsync(caller, realm, cancellationToken);
        try
        {
            await RequireMayAsync(write.Session, caller, realm.RealmId, write.RealmCreated, cancellationToken);
            return write;
        }
        catch
        {
            await write.DisposeAsync();
            throw;
        }
    }

    private async Task<RealmWrite> BeginCreateAsync(Caller caller, Realm realm, CancellationToken cancellationToken)
    {
        // First, so that who may make no realms does not learn which ids were once used.
        await using (var session = await database.OpenAsync(cancellationToken))
        {
            await RequireMayAsync(session, caller, realm.RealmId, creates: true, cancellationToken);
        }

        return await writes.BeginOrCreateAsync(realm, cancellationToken);
    }

    /// <exception cref="IamException">REALM_BEING_ERASED.</exception>
    private async Task RequireFreeAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken)
    {
        if (await erasure.IsTakenAsync(session, realmId, cancellationToken))
        {
            throw RealmBeingErased.For(realmId);
        }
    }

    /// <summary>
    /// Who may write a realm may do anything in it, for it holds the highest right there; but realms are made by operators, and by who may make them
    /// from the platform realm, which itself is made by operators alone.
    /// </summary>
    private async Task RequireMayAsync(DatabaseSession session, Caller caller, string realmId, bool creates, CancellationToken cancellationToken)
    {
        var held = await holdings.ReadAsync(session, caller, realmId, cancellationToken);
        var mayCreate = held.IsOperators
            || (!holdings.Platform.Is(realmId) && held.ReachOf(IamPermissions.RealmsCreate).IsRealm && caller.Kind == CallerKind.Token);
        var may = creates ? mayCreate : held.ReachOf(IamPermissions.RealmsWrite).IsRealm;
        if (!may)
        {
            throw CallerGate.Denied(realmId, creates ? IamPermissions.RealmsCreate : IamPermissions.RealmsWrite);
        }
    }
}

/// <summary>What an import did, or would do.</summary>
/// <param name="Revision">The realm's revision afterwards; for a dry run, the one it has.</param>
/// <param name="Changes">In the order in which they are applied.</param>
public sealed record ImportResult(long Revision, IReadOnlyList<RealmChange> Changes);
