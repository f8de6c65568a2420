using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>Ends a question whose answer cannot be believed: nothing is recorded, and FinishConsent tells INVALID_REQUEST.</summary>
public sealed class RefuseChallenge(IDatabase database, ChallengeStore challenges, TimeProvider clock)
{
    /// <summary>Returns where the browser goes next.</summary>
    /// <exception cref="IamException">CHALLENGE_ANSWERED, STORAGE_UNAVAILABLE.</exception>
    public async Task<string> RunAsync(OpenChallenge open, string value, CancellationToken cancellationToken)
    {
        var challenge = open.Challenge;
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (!await challenges.AnswerAsync(
            session, challenge.RealmId, challenge.ChallengeHash, new ChallengeAnswer([], false, IsRefused: true), clock.GetUtcNow(), cancellationToken))
        {
            throw GetChallenge.Answered();
        }

        await session.CommitAsync(cancellationToken);
        return ConsentPlaces.WithChallenge(challenge.Request.ReturnUri, value);
    }
}
