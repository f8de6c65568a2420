using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Decisions;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Testing;
using Testing.Decisions;
using Token.Tests.Hosting;

namespace Token.Tests.Permissions;

/// <summary>One random realm's life, in which the service's answers are held against those of <see cref="NaiveDecisions"/> after every event.</summary>
internal sealed class DecisionHistory
{
    private static readonly string[] EveryPermission = [.. RandomHistory.Permissions.Union(IamPermissions.Assignable)];

    private readonly IServiceProvider _service;
    private readonly HistoryFeed _feed;
    private readonly FakeClock _clock;
    private readonly RandomChoices _random;
    private readonly RandomHistory _history;
    private readonly RandomTokens _claims;
    private readonly RandomQuestions _questions;
    private readonly List<(AccessToken? Claims, string Text)> _tokens = [];
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);
    private readonly Action<DecisionReason> _seen;
    private long _revision = 1;
    private string _event = "";

    public DecisionHistory(int seed, IServiceProvider service, HistoryFeed feed, FakeClock clock, Action<DecisionReason> seen)
    {
        (_service, _feed, _clock, _seen) = (service, feed, clock, seen);
        RealmId = $"random-{seed}";
        _random = new(seed);
        _history = new(RealmId, _random, clock.GetUtcNow());
        _claims = new(_random, RealmId, TokenReplica.Issuer(RealmId));
        _questions = new(_random);
        feed.Begin(_history);
    }

    private string RealmId { get; }

    private NaiveDecisions Naive => new(_history.State.Values, _revoked, _clock.GetUtcNow());

    public async Task RunAsync(int events, int questions)
    {
        for (var i = 0; i < events; i++)
        {
            _event = await HappenAsync();
            await IssueAsync();
            for (var j = 0; j < questions; j++)
            {
                await AskAsync();
            }

            await AskForListAsync();
            await IntrospectAsync();
        }
    }

    private async Task<string> HappenAsync()
    {
        switch (_random.Below(14))
        {
            case 0:
                _clock.Advance(TimeSpan.FromSeconds(_random.Below(60)));
                return "time passes";
            case 1:
                _revision = _feed.StartOver(RealmId);
                return "a snapshot";
            case 2 when _tokens.Count > 0 && _random.Pick(_tokens).Claims is { } token:
                await _service.GetRequiredService<Revocations>().RevokeAsync(token, CancellationToken.None);
                _revoked.Add(token.TokenId);
                return $"{token.TokenId} is revoked";
            case 3:
                var grantId = $"grant{_random.Below(RandomTokens.Grants)}";
                await RevokeGrantAsync(grantId);
                _revoked.Add(grantId);
                return $"{grantId} is revoked";
            default:
                _revision = _feed.Change(RealmId, 1 + _random.Below(5));
                return "a delta";
        }
    }

    private async Task RevokeGrantAsync(string grantId)
    {
        var (revocations, expires) = (_service.GetRequiredService<Revocations>(), _clock.GetUtcNow().AddHours(1));
        await using (var session = await _service.GetRequiredService<IDatabase>().BeginWriteAsync(CancellationToken.None))
        {
            await revocations.AddGrantAsync(session, RealmId, grantId, expires, CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        await revocations.RememberGrantAsync(RealmId, grantId, expires, CancellationToken.None);
    }

    private async Task IssueAsync()
    {
        var realm = await _service.GetRequiredService<RealmSnapshots>().GetAsync(RealmId, _revision, CancellationToken.None);
        var delegations = _history.State.Values.OfType<DelegationRecord>().OrderBy(delegation => delegation.DelegationId, StringComparer.Ordinal).ToList();
        for (var i = 0; i < 3; i++)
        {
            var claims = delegations.Count > 0 && _random.OneIn(3) ? _claims.From(_random.Pick(delegations), _clock.GetUtcNow()) : _claims.Next(_clock.GetUtcNow());
            var key = await _service.GetRequiredService<KeyRing>().SignerAsync(realm.Realm, SignatureAlgorithms.Es256, TimeSpan.FromMinutes(5), CancellationToken.None);
            var text = JwtWriter.Write(claims, key);
            _tokens.Add((claims, text));
            if (_random.OneIn(8))
            {
                _tokens.Add((null, Forge(text)));
            }
        }
    }

    /// <summary>Another character somewhere before the signature.</summary>
    private string Forge(string text)
    {
        var at = _random.Below(text.LastIndexOf('.'));
        return $"{text[..at]}{(text[at] == 'A' ? 'B' : 'A')}{text[(at + 1)..]}";
    }

    /// <summary>Twice, so that the second answer may come of the first; alone and in a batch.</summary>
    private async Task AskAsync()
    {
        var (claims, text) = AnyToken();
        var question = _questions.Next(_random.OneIn(4) ? null : text);
        var expected = question.Subject.Principal is { } principal ? Naive.Decide(principal, question) : Naive.Decide(claims, question);
        var (alone, revision) = await _service.GetRequiredService<CheckPermission>().ExecuteAsync(RealmId, question, _revision, CancellationToken.None);
        var (batch, batchRevision) = await _service.GetRequiredService<BatchCheckPermissions>()
            .ExecuteAsync(RealmId, [question, question with { IncludeTrace = !question.IncludeTrace }], _revision, CancellationToken.None);
        foreach (var decision in batch.Prepend(alone))
        {
            Assert.True(
                (expected, expected == DecisionReason.Allowed) == (decision.Reason, decision.Allowed),
                $"{RealmId} after {_event}: {expected} by the definition, {decision.Reason} by the service; {question}, {question.Context}, {claims}");
        }

        Assert.Equal((_revision, _revision), (revision, batchRevision));
        _seen(expected);
    }

    private async Task AskForListAsync()
    {
        var (claims, text) = AnyToken();
        var asked = _questions.Next(_random.OneIn(4) ? null : text) with { Resource = null };
        var naive = Naive;
        var expected = EveryPermission
            .Select(permission => asked with { Permission = permission })
            .Where(question => DecisionReason.Allowed
                == (question.Subject.Principal is { } principal ? naive.Decide(principal, question) : naive.Decide(claims, question)))
            .Select(question => question.Permission)
            .Order(StringComparer.Ordinal)
            .ToList();
        var listed = await _service.GetRequiredService<ListPermissions>()
            .ExecuteAsync(RealmId, asked.Subject, asked.Context, asked.Presentation, _revision, CancellationToken.None);
        Assert.True(
            expected.SequenceEqual(listed.Permissions) && listed.Reason == DecisionReason.Allowed == expected.Count > 0 && listed.Revision == _revision,
            $"{RealmId} after {_event}: [{string.Join(' ', expected)}] by the definition, [{string.Join(' ', listed.Permissions)}] at {listed.Revision} by the service; {asked}, {asked.Context}, {claims}");
    }

    private async Task IntrospectAsync()
    {
        var (claims, text) = AnyToken();
        var expected = claims is not null && Naive.IsUseful(claims);
        var (token, revision) = await _service.GetRequiredService<IntrospectToken>().ExecuteAsync(RealmId, text, presentation: null, _revision, CancellationToken.None);
        Assert.True(
            expected == token is not null && revision == _revision && (token is null || token.TokenId == claims!.TokenId),
            $"{RealmId} after {_event}: active is {expected} by the definition; {claims}");
    }

    /// <summary>Mostly one of which there is more to say than that it is not active.</summary>
    private (AccessToken? Claims, string Text) AnyToken()
    {
        var naive = Naive;
        var tried = 0;
        while (true)
        {
            var token = _tokens[_tokens.Count - 1 - _random.Below(Math.Min(_tokens.Count, 30))];
            if (++tried == 8 || _random.OneIn(8) || (token.Claims is not null && naive.IsActive(token.Claims)))
            {
                return token;
            }
        }
    }
}
