using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Paging;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>A page of a user's receipts.</summary>
public sealed record ReceiptPage(IReadOnlyList<Receipt> Receipts, string NextPageToken);

/// <summary>Lists everything that a user ever decided, oldest first.</summary>
public sealed class ListReceipts(IDatabase database, ReceiptStore receipts)
{
    private const int UsualPageSize = 100;
    private const int MaxPageSize = 1000;

    /// <exception cref="IamException">INVALID_ARGUMENT, INVALID_PAGE_TOKEN, STORAGE_UNAVAILABLE.</exception>
    public async Task<ReceiptPage> RunAsync(
        string realmId, string userId, int pageSize, string pageToken, CancellationToken cancellationToken)
    {
        new FieldChecks()
            .Require("user_id", userId.Length > 0, "must name a user")
            .Require("page_size", pageSize is >= 0 and <= MaxPageSize, $"must be 0 to {MaxPageSize}")
            .ThrowIfAny();
        var size = pageSize == 0 ? UsualPageSize : pageSize;
        string[] query = ["receipts", realmId, userId];
        var after = pageToken.Length == 0 ? 0 : MarkedPageToken.Read<long>(pageToken, query);

        await using var session = await database.OpenAsync(cancellationToken);
        var found = await receipts.ListAsync(session, realmId, userId, after, size + 1, cancellationToken);
        return found.Count <= size
            ? new ReceiptPage(found, "")
            : new ReceiptPage([.. found.Take(size)], MarkedPageToken.Write(found[size - 1].Sequence, query));
    }
}
