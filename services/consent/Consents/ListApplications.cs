using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Revocation;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>The clients that a user gave access to.</summary>
/// <param name="Applications">Ordered by client.</param>
/// <param name="HasGrants">Whether the token service told about grants: which clients hold one, and when it was used.</param>
public sealed record ApplicationList(IReadOnlyList<ApplicationAccess> Applications, bool HasGrants);

/// <summary>A client that a user gave access to.</summary>
/// <param name="Client">As users see it; one that the realm no longer has is called by its id.</param>
/// <param name="Consents">What was decided; none where no answer was remembered.</param>
/// <param name="LastUsedAt">When a token was last issued; null: there is no live grant.</param>
public sealed record ApplicationAccess(ClientView Client, IReadOnlyList<ConsentRecord> Consents, DateTimeOffset? LastUsedAt);

/// <summary>Lists the clients that a user decided about or that hold a live grant of the user, ordered by client.</summary>
public sealed class ListApplications(RealmSnapshots realms, IDatabase database, ConsentStore consents, TokenGrants grants)
{
    private const int Batch = 1000;

    /// <param name="realmId">The realm.</param>
    /// <param name="userId">The user.</param>
    /// <param name="isWithoutGrantsGood">Whether the decisions alone will do where the token service does not answer.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_ARGUMENT, SERVICE_UNAVAILABLE, STORAGE_UNAVAILABLE.</exception>
    public async Task<ApplicationList> RunAsync(string realmId, string userId, bool isWithoutGrantsGood, CancellationToken cancellationToken)
    {
        new FieldChecks().Require("user_id", userId.Length > 0, "must name a user").ThrowIfAny();
        var realm = await realms.GetLastKnownAsync(realmId, cancellationToken);
        var decided = (await DecidedAsync(realmId, userId, cancellationToken)).ToLookup(consent => consent.ClientId);
        var live = await GrantsAsync(realmId, userId, isWithoutGrantsGood, cancellationToken);
        var granted = (live ?? []).ToLookup(grant => grant.ClientId);
        var applications = decided.Select(client => client.Key).Union(granted.Select(client => client.Key))
            .Order(StringComparer.Ordinal)
            .Select(clientId => new ApplicationAccess(
                ClientOf(realm, clientId),
                [.. decided[clientId]],
                granted[clientId].Max(grant => grant.LastUseTime?.ToDateTimeOffset())));
        return new ApplicationList([.. applications], live is not null);
    }

    private async Task<IReadOnlyList<Grant>?> GrantsAsync(
        string realmId, string userId, bool isWithoutGrantsGood, CancellationToken cancellationToken)
    {
        try
        {
            return await grants.ListAsync(realmId, userId, cancellationToken);
        }
        catch (IamException exception) when (isWithoutGrantsGood && exception.Reason == ErrorReason.ServiceUnavailable)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<ConsentRecord>> DecidedAsync(string realmId, string userId, CancellationToken cancellationToken)
    {
        List<ConsentRecord> all = [];
        await using var session = await database.BeginReadAsync(cancellationToken);
        IReadOnlyList<ConsentRecord> page;
        do
        {
            var after = all is [.., var last] ? new ConsentPosition(last.ClientId, last.OrganizationId, last.Scope) : ConsentPosition.Start;
            page = await consents.ListAsync(session, realmId, userId, "", after, Batch, cancellationToken);
            all.AddRange(page);
        }
        while (page.Count == Batch);

        return all;
    }

    private static ClientView ClientOf(RealmSnapshot realm, string clientId) => realm.FindClient(clientId) is { } client
        ? Views.Of(realm, client)
        : new ClientView
        {
            ClientId = clientId,
            DisplayName = clientId,
            Logo = "",
            Verified = false,
            OwnerOrganizationId = "",
            OwnerDisplayName = "",
        };
}
