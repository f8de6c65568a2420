using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Revocation;
using Pltfrms.Iam.Consent.Texts;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>A decision to change, by what it is about.</summary>
public sealed record ConsentChange
{
    public required string RealmId { get; init; }

    public required string UserId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: none.</summary>
    public required string OrganizationId { get; init; }

    public required string Scope { get; init; }

    public required ConsentDecision Decision { get; init; }
}

/// <summary>Changes one decision that was made before, and takes the scope from the client where it is denied.</summary>
public sealed class ChangeConsent(
    RealmSnapshots realms, IDatabase database, ConsentStore consents, RecordDecisions record, RevokeAccess access, TimeProvider clock)
{
    /// <exception cref="IamException">
    /// REALM_NOT_FOUND, RESOURCE_NOT_FOUND, INVALID_ARGUMENT, STORAGE_UNAVAILABLE; SERVICE_UNAVAILABLE: it is changed, and the revocation follows.
    /// </exception>
    public async Task<ConsentRecord> RunAsync(ConsentChange change, ConsentActor actor, CancellationToken cancellationToken)
    {
        Check(change);
        var realm = await realms.GetAsync(change.RealmId, 0, cancellationToken);
        var changed = await FindAsync(change, cancellationToken) ?? throw NotFound(change);
        var settings = realm.Realm.ConsentSettings;
        var text = ScopeTexts.Choose(ScopeTexts.Of(realm, change.Scope), [changed.TextLanguage], settings.DefaultLanguage);
        var now = clock.GetUtcNow();
        changed = changed with
        {
            Decision = change.Decision,
            DecidedAt = now,
            ExpiresAt = now + settings.DecisionLifetime,
            TextLanguage = text?.Language ?? "",
            TextVersion = TextVersion.Of(change.Scope, text),
            Method = actor.Method,
        };

        GrantRevocation? revocation;
        await using (var session = await database.BeginWriteAsync(cancellationToken))
        {
            revocation = await record.RunAsync(session, new(changed.RealmId, changed.UserId, [changed], []), isRemembered: true, actor, isAwaited: true, cancellationToken);
            await session.CommitAsync(cancellationToken);
        }

        if (revocation is not null)
        {
            await access.CarryOutAsync(revocation, cancellationToken);
        }

        return changed;
    }

    private async Task<ConsentRecord?> FindAsync(ConsentChange change, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var found = await consents.FindAsync(
            session, change.RealmId, change.UserId, change.ClientId, change.OrganizationId, cancellationToken);
        return found.FirstOrDefault(consent => consent.Scope == change.Scope);
    }

    private static void Check(ConsentChange change) => new FieldChecks()
        .Require("user_id", change.UserId.Length > 0, "must name a user")
        .Require("client_id", change.ClientId.Length > 0, "must name a client")
        .Require("scope", change.Scope.Length > 0, "must name a scope")
        .ThrowIfAny();

    /// <summary>Nobody can grant what was never asked for.</summary>
    private static IamException NotFound(ConsentChange change) =>
        new(ErrorReason.ResourceNotFound, "The user has not decided about this scope of this client.")
        {
            Metadata = new Dictionary<string, string> { ["resource_kind"] = "consent", ["resource_id"] = change.Scope },
        };
}
