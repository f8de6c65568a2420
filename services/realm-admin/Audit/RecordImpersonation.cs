using System.Text.Json;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>Writes down in the realm's chain that the token service lets a client act as somebody else.</summary>
public sealed class RecordImpersonation(RealmWrites writes)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The realm revision that has it.</summary>
    /// <exception cref="Common.Errors.IamException">REALM_NOT_FOUND, STORAGE_UNAVAILABLE.</exception>
    public async Task<long> RunAsync(string realmId, Impersonation impersonation, Caller caller, CancellationToken cancellationToken)
    {
        await using var write = await writes.BeginAsync(realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var filter = new EventFilter { RealmId = realmId, ResourceKind = Impersonation.ResourceKind, ResourceId = impersonation.TokenId };
        var events = await writes.ChangeLog.ListNewestAsync(write.Session, filter, EventPosition.End, limit: 1, cancellationToken);
        if (events.Count == 0)
        {
            write.Note(Impersonation.ResourceKind, impersonation.TokenId, before: null, JsonSerializer.Serialize(impersonation, Options));
        }

        await write.CommitAsync(caller, cancellationToken);
        return write.ResultingRevision;
    }
}

/// <summary>A token with which a client acts as somebody else.</summary>
public sealed record Impersonation
{
    /// <summary>The kind in the events; it is no resource of the realm, and no watcher of the realm is told.</summary>
    public const string ResourceKind = "impersonation";

    public required string TokenId { get; init; }

    public required string ClientId { get; init; }

    public required string ActorId { get; init; }

    public required string SubjectId { get; init; }

    public required string SubjectTokenId { get; init; }

    public required string Rule { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required string OrganizationId { get; init; }
}
