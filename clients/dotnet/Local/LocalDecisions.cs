using System.Net;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.Decisions;
using Pltfrms.Iam.Client.Feeds;
using Pltfrms.Iam.Common.Permissions;
using Decided = Pltfrms.Iam.Common.Decisions;

namespace Pltfrms.Iam.Client.Local;

/// <summary>
/// Decides in this process, as the token service would: with the realm and the revocations that the streams bring, and the realm's keys. What cannot be
/// decided here, or not freshly enough, is asked; where nobody answers that call fails, and nothing is allowed or denied.
/// </summary>
internal sealed class LocalDecisions : DecisionSource
{
    private readonly IamCalls _calls;
    private readonly RemoteDecisions _remote;
    private readonly DecisionFeeds _feeds;
    private readonly LocalTokens _tokens;
    private readonly LocalStanding _standing;
    private readonly IamTelemetry _telemetry;

    public LocalDecisions(IamCalls calls, RemoteDecisions remote, DecisionFeeds feeds, IOptions<IamClientOptions> options, IamTelemetry telemetry)
    {
        _calls = calls;
        _remote = remote;
        _feeds = feeds;
        _tokens = new(feeds.Keys, options.Value.RealmId, options.Value.MaxKnownTokens);
        _standing = new(feeds, _tokens);
        _telemetry = telemetry;
    }

    public DecisionFeeds Feeds => _feeds;

    public override Task<PermissionDecision> CheckAsync(PermissionCheck check, CancellationToken cancellationToken) =>
        Decide(check, out var fallback) ?? AskAsync(check, fallback, cancellationToken);

    /// <summary>The same for a token alone, without making a question of it where the answer is known.</summary>
    public Task<PermissionDecision> CheckAsync(string accessToken, string permission, string? organizationId, CancellationToken cancellationToken) =>
        Decide(accessToken, LocalQuestion.Of(permission, organizationId), minRevision: 0, out var fallback)
        ?? AskAsync(
            new() { Subject = PermissionSubject.AccessToken(accessToken), Permission = permission, OrganizationId = organizationId },
            fallback,
            cancellationToken);

    public override Task<Introspection> IntrospectAsync(string token, long minRevision, CancellationToken cancellationToken) =>
        Introspect(token, minRevision, out var fallback) ?? AskAsync(token, minRevision, fallback, cancellationToken);

    private Task<PermissionDecision>? Decide(PermissionCheck check, out string fallback)
    {
        if (check.IncludeTrace)
        {
            fallback = Fallback.Question;
            return null;
        }
        return check.Subject.Kind switch
        {
            PermissionSubject.SubjectKind.AccessToken => Decide(check.Subject.Value, LocalQuestion.Of(check), check.MinRevision, out fallback),
            PermissionSubject.SubjectKind.User => Decide(Principal.User(check.Subject.Value), LocalQuestion.Of(check), check.MinRevision, out fallback),
            _ => Decide(Principal.Client(check.Subject.Value), LocalQuestion.Of(check), check.MinRevision, out fallback),
        };
    }

    private Task<PermissionDecision>? Decide(string token, in LocalQuestion question, long minRevision, out string fallback)
    {
        if (!_standing.Find(token, minRevision, out var found, out fallback))
        {
            return null;
        }
        if (found.Token is not { } known)
        {
            return Task.FromResult(ToAnswer(found, DecisionReason.TokenInactive));
        }
        var answers = known.AnswersAt(found.State);
        return answers.Find(question) ?? DecideAnew(found, known, answers, question, out fallback);
    }

    private Task<PermissionDecision>? DecideAnew(
        in Found found, KnownToken known, KnownAnswers answers, in LocalQuestion question, out string fallback)
    {
        if (!LocalStanding.Holds(found, known))
        {
            fallback = "";
            return Task.FromResult(ToAnswer(found, DecisionReason.TokenInactive));
        }
        if (!IsAnswerable(found.State, question, out var asked, out fallback))
        {
            return null;
        }
        var failure = known.Claims.Confirmation is null || question.SenderConstraintVerified ? null : "Nothing is said of how it was presented.";
        var decision = Decided.PermissionDecision.ForToken(found.State.Snapshot, known.Claims, asked, failure, found.ServerTime);
        var answer = Task.FromResult(ToAnswer(found, (DecisionReason)decision.Reason));
        if (LocalStanding.IsConstant(found.State, known, asked))
        {
            answers.Keep(question, answer);
        }
        return answer;
    }

    private Task<PermissionDecision>? Decide(Principal principal, in LocalQuestion question, long minRevision, out string fallback)
    {
        if (!_standing.FindState(minRevision, out var found, out fallback) || !IsAnswerable(found.State, question, out var asked, out fallback))
        {
            return null;
        }
        var decision = Decided.PermissionDecision.ForPrincipal(found.State.Snapshot, principal, asked, found.ServerTime);
        return Task.FromResult(ToAnswer(found, (DecisionReason)decision.Reason));
    }

    private Task<Introspection>? Introspect(string token, long minRevision, out string fallback)
    {
        if (!_standing.Find(token, minRevision, out var found, out fallback))
        {
            return null;
        }
        if (found.Token is not { } known || !LocalStanding.IsIntrospectable(found, known))
        {
            return Task.FromResult(new Introspection { Active = false, Revision = found.State.Revision, AnsweredAt = _feeds.Clock.UtcNow });
        }
        var answers = known.AnswersAt(found.State);
        return answers.Introspection ??= Task.FromResult(LocalIntrospection.Of(known.Claims, found.State.Revision, _feeds.Clock.UtcNow));
    }

    /// <summary>Whether all that decides it is known here, and what the question is then.</summary>
    private static bool IsAnswerable(RealmState state, in LocalQuestion question, out Decided.PermissionQuestion asked, out string fallback)
    {
        asked = null!;
        fallback = Fallback.Permission;
        if (state.Snapshot.FindDeclaringResourceServer(question.Permission) is not { } server || !state.Shows(server.Audience))
        {
            return false;
        }
        fallback = Fallback.Question;
        IPAddress? address = null;
        if (question.Context?.SourceAddress is { Length: > 0 } text && !IPAddress.TryParse(text, out address))
        {
            return false;
        }
        asked = new()
        {
            Subject = default,
            Permission = question.Permission,
            Context = new()
            {
                OrganizationId = question.OrganizationId,
                Audience = question.Audience,
                SourceAddress = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address,
                Acr = question.Context?.Acr is { Length: > 0 } acr ? acr : null,
            },
        };
        return true;
    }

    private PermissionDecision ToAnswer(in Found found, DecisionReason reason) => new()
    {
        Allowed = reason == DecisionReason.Allowed,
        Reason = reason,
        Revision = found.State.Revision,
        AnsweredAt = _feeds.Clock.UtcNow,
    };

    private async Task<PermissionDecision> AskAsync(PermissionCheck check, string fallback, CancellationToken cancellationToken)
    {
        var deadline = _calls.Deadline();
        if (fallback == Fallback.Revision)
        {
            await _feeds.Realm.ReachAsync(check.MinRevision, deadline.Remaining / 2, cancellationToken);
            if (Decide(check, out fallback) is { } decided)
            {
                return await decided;
            }
        }
        _telemetry.CountFallback(fallback);
        return await _remote.CheckAsync(check, deadline, cancellationToken);
    }

    private async Task<Introspection> AskAsync(string token, long minRevision, string fallback, CancellationToken cancellationToken)
    {
        var deadline = _calls.Deadline();
        if (fallback == Fallback.Revision)
        {
            await _feeds.Realm.ReachAsync(minRevision, deadline.Remaining / 2, cancellationToken);
            if (Introspect(token, minRevision, out fallback) is { } answer)
            {
                return await answer;
            }
        }
        _telemetry.CountFallback(fallback);
        return await _remote.IntrospectAsync(token, minRevision, deadline, cancellationToken);
    }
}
