using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.Feeds;

namespace Pltfrms.Iam.Client.Decisions;

/// <summary>
/// Gives answers again, known by the SHA-256 of the token: for the configured time, not beyond the token's expiry, not where a later revision is asked
/// for, and where the realm is followed not after something has changed since it was asked for. Only answers are kept: a failure is thrown before there is anything to keep.
/// </summary>
internal sealed class CachedDecisions : DecisionSource
{
    /// <summary>A clock that is wrong by more is noticed elsewhere.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly AnswerCache<ValueHash, Introspection> _tokens;
    private readonly AnswerCache<DecisionKey, PermissionDecision> _decisions;
    private readonly RemoteDecisions _remote;
    private readonly DecisionFeeds _feeds;
    private readonly TimeSpan _keepFor;
    private readonly IamTelemetry _telemetry;

    public CachedDecisions(RemoteDecisions remote, DecisionFeeds feeds, IOptions<IamClientOptions> options, IamTelemetry telemetry)
    {
        _remote = remote;
        _feeds = feeds;
        _telemetry = telemetry;
        _keepFor = options.Value.CacheFor;
        _tokens = new(options.Value.MaxCachedAnswers, feeds.Clock);
        _decisions = new(options.Value.MaxCachedAnswers, feeds.Clock);
    }

    public override Task<Introspection> IntrospectAsync(string token, long minRevision, CancellationToken cancellationToken) =>
        IntrospectAsync(token, ValueHash.Of(token), minRevision, cancellationToken);

    public override async Task<PermissionDecision> CheckAsync(PermissionCheck check, CancellationToken cancellationToken)
    {
        if (check.IncludeTrace)
        {
            return await _remote.CheckAsync(check, cancellationToken);
        }
        var key = DecisionKey.Of(check);
        // Read before anything is asked: what changes meanwhile may not be in the answer.
        var (changes, askedAt) = (_feeds.Changes, _feeds.Clock.Now);
        if (_decisions.Find(key, check.MinRevision, changes) is { } kept)
        {
            _telemetry.CountCache(hit: true);
            return kept;
        }
        _telemetry.CountCache(hit: false);
        var until = askedAt + _keepFor.Ticks;
        var isActive = true;
        if (check.Subject.Kind == PermissionSubject.SubjectKind.AccessToken)
        {
            // A decision does not say when its token expires; introspection does.
            var token = await IntrospectAsync(check.Subject.Value, key.Subject, check.MinRevision, cancellationToken);
            isActive = token.Active;
            until = isActive ? Math.Min(until, ExpiryOf(token)) : until;
        }
        var decision = await _remote.CheckAsync(check, cancellationToken);
        // What is not active to introspection may be to a check: a token that is tied to an organization that is closed. Nobody knows when that one expires.
        if (isActive || !decision.Allowed)
        {
            _decisions.Keep(key, decision, new(decision.Revision, until, changes));
        }
        return decision;
    }

    private async Task<Introspection> IntrospectAsync(string token, ValueHash hash, long minRevision, CancellationToken cancellationToken)
    {
        var (changes, askedAt) = (_feeds.Changes, _feeds.Clock.Now);
        if (_tokens.Find(hash, minRevision, changes) is { } kept)
        {
            _telemetry.CountCache(hit: true);
            return kept;
        }
        _telemetry.CountCache(hit: false);
        var answer = await _remote.IntrospectAsync(token, minRevision, cancellationToken);
        var until = askedAt + _keepFor.Ticks;
        _tokens.Keep(hash, answer, new(answer.Revision, answer.Active ? Math.Min(until, ExpiryOf(answer)) : until, changes));
        return answer;
    }

    /// <summary>
    /// In this side's time, by how long is left now: the streams say by how much the server's clock is ahead of this machine's; where nobody does it may be by
    /// so much.
    /// </summary>
    private long ExpiryOf(Introspection token)
    {
        var now = _feeds.Clock.Now;
        var serverTime = _feeds.Clock.UtcNow + (_feeds.ServerLead(now) ?? ClockSkew);
        return token.ExpiresAt is { } expiry ? now + (expiry - serverTime).Ticks : long.MinValue;
    }
}
