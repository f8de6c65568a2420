using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Access;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Tells what an import would change, and what that means.</summary>
/// <remarks>Costs one reading of the realm and one pass over it, as the import itself; the effect costs what the difference touches.</remarks>
public sealed class PlanImport(ImportRealm import, EffectOfChanges effects, PlatformRealm platform)
{
    /// <exception cref="IamException">INVALID_REALM_DOCUMENT with every error; PERMISSION_DENIED; SERVICE_UNAVAILABLE.</exception>
    public async Task<ImportPlan> ExecuteAsync(Caller caller, string realmId, string text, CancellationToken cancellationToken)
    {
        var (document, stored, changes) = await import.CompareAsync(caller, realmId, text, cancellationToken);
        IReadOnlyList<IRealmResource> before = stored is [] ? [document.Realm] : stored;
        var records = new ReadRecords(
            [.. before.Select(resource => resource is Realm realm ? realm with { IsPlatform = platform.Is(realmId) } : resource)]);
        var sides = await RealmSides.ReadAsync(records, changes, done: false, Reach.Realm, cancellationToken);
        return new ImportPlan
        {
            Revision = stored.OfType<Realm>().SingleOrDefault()?.Revision ?? 0,
            Changes = changes,
            Effect = await effects.ExecuteAsync(sides, cancellationToken),
            Etag = PlanEtag.Of(text, document, stored),
        };
    }
}

/// <summary>What an import would do.</summary>
public sealed record ImportPlan
{
    /// <summary>The realm's revision that the plan was made at; 0: it does not exist.</summary>
    public required long Revision { get; init; }

    /// <summary>In the order in which they would be applied.</summary>
    public required IReadOnlyList<RealmChange> Changes { get; init; }

    public required ChangeEffect Effect { get; init; }

    /// <summary>For the import that is to do this and nothing else.</summary>
    public required string Etag { get; init; }
}
