using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Consent;

namespace Token.Tests.Authorization;

/// <summary>The consent service as the token service sees it, in process: grants what is asked for, with or without asking.</summary>
internal sealed class TestConsent : IUserConsent
{
    public const string Page = "https://consent.example/realms/demo/consent/";

    public const string VisitPage = "https://consent.example/realms/demo/account/visits/";
    public const string AccountPage = "https://consent.example/realms/demo/account/applications";

    private readonly ConcurrentDictionary<string, ConsentOutcome?> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _visits = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Whether decisions are recorded already, so that nobody is asked.</summary>
    public bool KnowsTheAnswer { get; set; }

    /// <summary>What starting is answered with; null: as usual.</summary>
    public ErrorReason? Refusal { get; set; }

    public ConcurrentQueue<ConsentQuestion> Questions { get; } = [];

    public Task<ConsentStart> StartAsync(ConsentQuestion question, CancellationToken cancellationToken)
    {
        Questions.Enqueue(question);
        if (Refusal is { } refusal)
        {
            throw new IamException(refusal, "The consent service said no.") { Metadata = RefusalMetadata };
        }

        if (KnowsTheAnswer && !question.MustAsk)
        {
            return Task.FromResult(new ConsentStart(OutcomeOf(question), null, null));
        }

        if (question.MayNotAsk)
        {
            throw new IamException(ErrorReason.ConsentRequired, "The user must be asked.");
        }

        var challenge = $"challenge-{Interlocked.Increment(ref _count)}";
        _answers[challenge] = OutcomeOf(question);
        return Task.FromResult(new ConsentStart(null, challenge, Page + challenge));
    }

    /// <summary>The visits that were begun.</summary>
    public ConcurrentQueue<(string RealmId, string UserId, string UiLocales, string ReturnUri)> Visits { get; } = [];

    /// <summary>What a refusal tells besides.</summary>
    public IReadOnlyDictionary<string, string> RefusalMetadata { get; set; } = new Dictionary<string, string>();

    public Task<string> StartVisitAsync(
        string realmId, string userId, IReadOnlyList<string> uiLocales, string returnUri, CancellationToken cancellationToken)
    {
        Visits.Enqueue((realmId, userId, string.Join(' ', uiLocales), returnUri));
        var visit = $"visit-{Interlocked.Increment(ref _count)}";
        _visits[visit] = userId;
        return Task.FromResult(VisitPage + visit);
    }

    public Task<string> FinishVisitAsync(string realmId, string userId, string visit, CancellationToken cancellationToken) =>
        _visits.TryRemove(KeyValuePair.Create(visit, userId))
            ? Task.FromResult(AccountPage)
            : throw new IamException(ErrorReason.ResourceNotFound, "There is no such visit, or it is open already.");

    public Task<ConsentOutcome> FinishAsync(string realmId, string challenge, CancellationToken cancellationToken)
    {
        if (!_answers.TryRemove(challenge, out var outcome))
        {
            throw new IamException(ErrorReason.ChallengeNotFound, "There is no such challenge.");
        }

        return outcome is null
            ? throw new IamException(ErrorReason.AccessDenied, "The user said no.")
            : Task.FromResult(outcome);
    }

    /// <summary>The user denies everything.</summary>
    public void Deny(string challenge) => _answers[challenge] = null;

    /// <summary>The answer is another than what was asked.</summary>
    public void Answer(string challenge, Func<ConsentOutcome, ConsentOutcome> change) => _answers[challenge] = change(_answers[challenge]!);

    private static ConsentOutcome OutcomeOf(ConsentQuestion question) => new()
    {
        AuthorizationId = "authorization-1",
        Scopes = [.. question.Scopes],
        UserId = question.UserId,
        ClientId = question.ClientId,
        OrganizationId = question.OrganizationId,
    };
}
