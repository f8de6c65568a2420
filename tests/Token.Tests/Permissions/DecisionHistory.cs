using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Testing.Decisions;
using Token.Tests.Hosting;

namespace Token.Tests.Permissions;

/// <summary>One random realm's life, beside that of a realm that it trusts: what happens, the tokens, and what is right about them after every event.</summary>
internal sealed class DecisionHistory
{
    private readonly IServiceProvider _service;
    private readonly HistoryFeed _feed;
    private readonly TimeProvider _clock;
    private readonly Action<TimeSpan> _pass;
    private readonly RandomHistory _history;
    private readonly RandomHistory _trusted;
    private readonly RandomTokens _claims;
    private readonly List<(AccessToken? Claims, string Text)> _tokens = [];
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _revokedThere = new(StringComparer.Ordinal);

    /// <param name="seed">Of all choices.</param>
    /// <param name="service">The token service's parts.</param>
    /// <param name="feed">Where it hears of the realm.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="pass">Moves that.</param>
    public DecisionHistory(int seed, IServiceProvider service, HistoryFeed feed, TimeProvider clock, Action<TimeSpan> pass)
    {
        (_service, _feed, _clock, _pass) = (service, feed, clock, pass);
        RealmId = $"random-{seed}";
        Random = new(seed);
        _history = new(RealmId, Random, clock.GetUtcNow());
        _trusted = new(_history.TrustedRealmId, Random, clock.GetUtcNow());
        Proofs = new(Random, clock);
        _claims = new(Random, RealmId, TokenReplica.Issuer(RealmId), Proofs.Thumbprints);
        Questions = new(Random);
        feed.Begin(_history);
        feed.Begin(_trusted);
    }

    public string RealmId { get; }

    public RandomChoices Random { get; }

    public RandomQuestions Questions { get; }

    public RandomProofs Proofs { get; }

    public long Revision { get; private set; } = 1;

    /// <summary>In whole seconds, as tokens have it.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(_clock.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>What happened last.</summary>
    public string Event { get; private set; } = "";

    /// <summary>What is right now.</summary>
    public NaiveDecisions Naive => new(
        _history.State.Values,
        _revoked,
        new(_history.State.Values, _trusted.State.Values, _revokedThere, AssertionRules.VersionOf),
        Proofs.Good,
        _clock.GetUtcNow());

    /// <param name="events">How many things happen.</param>
    /// <param name="ask">What is done after each.</param>
    public async Task RunAsync(int events, Func<Task> ask)
    {
        for (var i = 0; i < events; i++)
        {
            Event = await HappenAsync();
            await IssueAsync();
            await ask();
        }
    }

    /// <summary>Mostly one of which there is more to say than that it is not active.</summary>
    public (AccessToken? Claims, string Text) AnyToken()
    {
        var naive = Naive;
        var tried = 0;
        while (true)
        {
            var token = _tokens[_tokens.Count - 1 - Random.Below(Math.Min(_tokens.Count, 30))];
            if (++tried == 8 || Random.OneIn(8) || (token.Claims is not null && naive.IsActive(token.Claims)))
            {
                return token;
            }
        }
    }

    public Task RevokeAsync(AccessToken token) => _service.GetRequiredService<Revocations>().RevokeAsync(token, CancellationToken.None);

    /// <summary>A token of this realm, good or not.</summary>
    public async Task<string> SignAsync(AccessToken claims)
    {
        var realm = await _service.GetRequiredService<RealmSnapshots>().GetAsync(RealmId, Revision, CancellationToken.None);
        var key = await _service.GetRequiredService<KeyRing>().SignerAsync(realm.Realm, SignatureAlgorithms.Es256, TimeSpan.FromMinutes(5), CancellationToken.None);
        return JwtWriter.Write(claims, key);
    }

    private async Task<string> HappenAsync()
    {
        // What is heard of later is later: clocks that stand still know no order.
        _pass(TimeSpan.FromTicks(1));
        switch (Random.Below(18))
        {
            case 0:
                _pass(TimeSpan.FromSeconds(Random.Below(60)));
                _feed.Beat(RealmId);
                return "time passes";
            case 1:
                Revision = _feed.StartOver(RealmId);
                return "a snapshot";
            case 2 when _tokens.Count > 0 && Random.Pick(_tokens).Claims is { } token:
                await RevokeAsync(token);
                _revoked.Add(token.TokenId);
                return $"{token.TokenId} is revoked";
            case 3:
                var grantId = $"grant{Random.Below(RandomTokens.Grants)}";
                await RevokeGrantAsync(RealmId, grantId);
                _revoked.Add(grantId);
                return $"{grantId} is revoked";
            case 4:
                return await HappenThereAsync();
            default:
                Revision = _feed.Change(RealmId, 1 + Random.Below(5));
                return "a delta";
        }
    }

    private async Task<string> HappenThereAsync()
    {
        if (Random.OneIn(2))
        {
            var revision = _feed.Change(_trusted.RealmId, 3);
            await _service.GetRequiredService<RealmSnapshots>().GetAsync(_trusted.RealmId, revision, CancellationToken.None);
            return "a delta of the trusted realm";
        }

        var ids = _tokens.SelectMany(token => token.Claims?.Assertion?.Token?.Ids ?? []).Distinct().ToList();
        if (ids.Count > 0 && Random.Pick(ids) is var id && id.StartsWith("theirs", StringComparison.Ordinal))
        {
            await RevokeAsync(_claims.Next(Now) with { RealmId = _trusted.RealmId, TokenId = id });
        }
        else
        {
            id = $"grant{Random.Below(RandomTokens.Grants)}";
            await RevokeGrantAsync(_trusted.RealmId, id);
        }

        _revokedThere.Add(id);
        return $"{id} of the trusted realm is revoked";
    }

    private async Task RevokeGrantAsync(string realmId, string grantId)
    {
        var (revocations, expires) = (_service.GetRequiredService<Revocations>(), _clock.GetUtcNow().AddHours(1));
        await using (var session = await _service.GetRequiredService<IDatabase>().BeginWriteAsync(CancellationToken.None))
        {
            await revocations.AddGrantAsync(session, realmId, grantId, expires, CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        await revocations.RememberGrantAsync(realmId, grantId, expires, CancellationToken.None);
    }

    private async Task IssueAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            var claims = NextClaims();
            var text = await SignAsync(claims);
            _tokens.Add((claims, text));
            if (Random.OneIn(8))
            {
                _tokens.Add((null, Forge(text)));
            }
        }
    }

    private AccessToken NextClaims()
    {
        var delegations = _history.State.Values.OfType<DelegationRecord>().OrderBy(delegation => delegation.DelegationId, StringComparer.Ordinal).ToList();
        var issuers = _history.State.Values.OfType<Realm>().Single().AssertionIssuers;
        return Random.Below(6) switch
        {
            0 or 1 when delegations.Count > 0 => _claims.From(Random.Pick(delegations), Now),
            2 or 3 when issuers.Count > 0 => _claims.From(Random.Pick([.. issuers]), AssertionRules.VersionOf, Now),
            _ => _claims.Next(Now),
        };
    }

    /// <summary>Another character somewhere before the signature.</summary>
    private string Forge(string text)
    {
        var at = Random.Below(text.LastIndexOf('.'));
        return $"{text[..at]}{(text[at] == 'A' ? 'B' : 'A')}{text[(at + 1)..]}";
    }
}
