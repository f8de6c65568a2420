using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Paging;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>A page of a user's decisions.</summary>
public sealed record ConsentPage(IReadOnlyList<ConsentRecord> Consents, string NextPageToken);

/// <summary>Lists what a user granted and denied.</summary>
public sealed class ListConsents(IDatabase database, ConsentStore consents)
{
    private const int UsualPageSize = 100;
    private const int MaxPageSize = 1000;

    /// <exception cref="IamException">INVALID_ARGUMENT, INVALID_PAGE_TOKEN, STORAGE_UNAVAILABLE.</exception>
    public async Task<ConsentPage> RunAsync(
        string realmId, string userId, string clientId, int pageSize, string pageToken, CancellationToken cancellationToken)
    {
        Check(userId, pageSize);
        var size = pageSize == 0 ? UsualPageSize : pageSize;
        string[] query = ["consents", realmId, userId, clientId];
        var after = pageToken.Length == 0 ? ConsentPosition.Start : MarkedPageToken.Read<ConsentPosition>(pageToken, query);

        await using var session = await database.OpenAsync(cancellationToken);
        var found = await consents.ListAsync(session, realmId, userId, clientId, after, size + 1, cancellationToken);
        if (found.Count <= size)
        {
            return new ConsentPage(found, "");
        }

        var last = found[size - 1];
        var next = new ConsentPosition(last.ClientId, last.OrganizationId, last.Scope);
        return new ConsentPage([.. found.Take(size)], MarkedPageToken.Write(next, query));
    }

    private static void Check(string userId, int pageSize) => new FieldChecks()
        .Require("user_id", userId.Length > 0, "must name a user")
        .Require("page_size", pageSize is >= 0 and <= MaxPageSize, $"must be 0 to {MaxPageSize}")
        .ThrowIfAny();
}
