using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

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
        var after = ConsentPageToken.Read(pageToken, realmId, userId, clientId);

        await using var session = await database.OpenAsync(cancellationToken);
        var found = await consents.ListAsync(session, realmId, userId, clientId, after, size + 1, cancellationToken);
        if (found.Count <= size)
        {
            return new ConsentPage(found, "");
        }

        var last = found[size - 1];
        var next = new ConsentPosition(last.ClientId, last.OrganizationId, last.Scope);
        return new ConsentPage([.. found.Take(size)], ConsentPageToken.Write(next, realmId, userId, clientId));
    }

    private static void Check(string userId, int pageSize)
    {
        List<FieldViolation> violations = [];
        if (userId.Length == 0)
        {
            violations.Add(new FieldViolation("user_id", "must name a user"));
        }

        if (pageSize is < 0 or > MaxPageSize)
        {
            violations.Add(new FieldViolation("page_size", $"must be 0 to {MaxPageSize}"));
        }

        if (violations.Count > 0)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has wrong fields.") { Violations = violations };
        }
    }
}
