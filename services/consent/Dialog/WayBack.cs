using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>
/// Where who comes to a question that is no longer open can go: back to whoever asked, who goes on with the answer that there is, or tells the client
/// that there is none.
/// </summary>
public sealed class WayBack(IDatabase database, ChallengeStore challenges, TimeProvider clock)
{
    /// <summary>How long after its end a question is remembered for that: rows are removed an hour late.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The address; null: there was no such question, it is too long ago, or its outcome was fetched.</summary>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE.</exception>
    public async Task<string?> FindAsync(string realmId, string challenge, CancellationToken cancellationToken)
    {
        if (OpaqueValue.HashOf(challenge) is not { } hash)
        {
            return null;
        }

        await using var session = await database.OpenAsync(cancellationToken);
        var found = await challenges.FindAsync(session, realmId, hash, clock.GetUtcNow() - Lifetime, cancellationToken);
        return found is { FinishedAt: null } ? ConsentPlaces.WithChallenge(found.Request.ReturnUri, challenge) : null;
    }
}
