using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;

namespace Pltfrms.Iam.Token.Login;

/// <summary>
/// Requests that wait for a realm's own login application. The application is told a challenge; its answer gives the browser a verifier, so that
/// only the browser that logged in goes on, and only where it is the one that began: who lures a user to a challenge of their own gains nothing.
/// </summary>
public sealed class LoginChallenges(IDatabase database, AuthorizationStore store, Authorizations authorizations, TimeProvider clock)
{
    private const char Separator = '.';

    /// <summary>The challenge to send the browser away with.</summary>
    public async Task<string> BeginAsync(FlowContext flow, CancellationToken cancellationToken)
    {
        var challenge = $"{flow.Open.Handle}{Separator}{OpaqueValue.New()}";
        var progress = flow.Pending.Progress with
        {
            LoginHash = OpaqueValue.Hash(challenge),
            LoginUserId = flow.Session?.UserId,
            BaseAddress = flow.BaseAddress,
            LoginAnswer = null,
        };
        await authorizations.SaveAsync(flow.Open, progress, cancellationToken);
        return challenge;
    }

    /// <summary>The request that a challenge is about.</summary>
    /// <exception cref="IamException">RESOURCE_NOT_FOUND where it is unknown, expired or answered.</exception>
    public async Task<OpenAuthorization> FindAsync(string realmId, string challenge, CancellationToken cancellationToken)
    {
        var handle = challenge.Split(Separator)[0];
        await using var session = await database.OpenAsync(cancellationToken);
        var pending = await store.FindAsync(session, realmId, OpaqueValue.Hash(handle), clock.GetUtcNow(), cancellationToken);
        return pending is { CompletedAt: null, Progress: { LoginHash: { } expected, LoginAnswer: null } } && expected == OpaqueValue.Hash(challenge)
            ? new OpenAuthorization(pending, handle)
            : throw new IamException(ErrorReason.ResourceNotFound, "There is no such login challenge, or it is answered.")
            {
                Metadata = new Dictionary<string, string> { ["resource_kind"] = "login_challenge", ["resource_id"] = "" },
            };
    }

    /// <summary>Keeps the answer; where the browser goes with it.</summary>
    public async Task<string> AnswerAsync(OpenAuthorization open, Func<string, LoginAnswer> answer, CancellationToken cancellationToken)
    {
        var verifier = OpaqueValue.New();
        var progress = open.Pending.Progress;
        await authorizations.SaveAsync(open, progress with { LoginAnswer = answer(OpaqueValue.Hash(verifier)) }, cancellationToken);
        return $"{BrowserAddresses.Resume(progress.BaseAddress!, open.Handle)}&login_verifier={verifier}";
    }

    /// <summary>The answer that a browser brings, once.</summary>
    /// <exception cref="IamException">INVALID_REQUEST where it is none of this request.</exception>
    public async Task<(OpenAuthorization Open, LoginAnswer Answer)> TakeAsync(OpenAuthorization open, string verifier, CancellationToken cancellationToken)
    {
        var progress = open.Pending.Progress;
        if (progress.LoginAnswer is not { } answer || answer.VerifierHash != OpaqueValue.Hash(verifier))
        {
            throw Authorizations.Gone();
        }

        return (await authorizations.SaveOnceAsync(open, progress with { LoginAnswer = null, LoginHash = null }, cancellationToken), answer);
    }
}
