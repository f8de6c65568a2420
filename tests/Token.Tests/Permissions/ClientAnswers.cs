using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Decisions;
using Token.Tests.Hosting;
using AccessToken = Pltfrms.Iam.Common.Tokens.AccessToken;
using Asked = Pltfrms.Iam.Common.Decisions.PermissionQuestion;

namespace Token.Tests.Permissions;

/// <summary>Holds the client library's answers about a history, in its local and its cached mode, against what is right.</summary>
internal sealed class ClientAnswers : IAsyncDisposable
{
    private static readonly IamMode[] Modes = [IamMode.Local, IamMode.Cached];

    private readonly DecisionHistory _history;
    private readonly Fallbacks _fallbacks;
    private readonly ServiceProvider _provider;
    private readonly IamClient _iam;
    private int _marks;

    public ClientAnswers(DecisionHistory history, TokenReplica service, TimeProvider clock, Fallbacks fallbacks)
    {
        (_history, _fallbacks) = (history, fallbacks);
        var services = new ServiceCollection().AddSingleton(clock).AddPltfrmsIam(options =>
        {
            (options.Address, options.RealmId) = (new Uri(service.GrpcAddress), history.RealmId);
            (options.ClientId, options.ClientSecret) = (RandomHistory.WatcherId, RandomHistory.WatcherSecret);
            options.Timeout = TimeSpan.FromSeconds(30);
            options.WatchFeeds = true;
            // Long, as clocks are moved by a minute; what is cached is over whenever they are moved at all.
            options.FeedStaleAfter = TimeSpan.FromMinutes(1);
            options.CacheFor = TimeSpan.FromSeconds(1);
        });
        services.AddHttpClient(IamClientOptions.KeysHttpClient).ConfigurePrimaryHttpMessageHandler(() => new Redirected(service.Http.BaseAddress!));
        services.AddHealthChecks().AddPltfrmsIam();
        _provider = services.BuildServiceProvider();
        _iam = _provider.GetRequiredService<IamClient>();
    }

    /// <summary>What was asked in the local mode.</summary>
    public int Asked { get; private set; }

    public async Task AskAsync(int questions)
    {
        await HearAsync();
        for (var i = 0; i < questions; i++)
        {
            await AskAsync();
        }
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    /// <summary>Twice in each mode, so that the second answer may come of the first.</summary>
    private async Task AskAsync()
    {
        var (claims, text) = AnyToken();
        var asked = _history.Questions.Next(_history.Random.OneIn(5) ? null : text);
        asked = asked with
        {
            Resource = null,
            Presentation = asked.Presentation is { IsVerified: true } ? asked.Presentation : null,
            IncludeTrace = asked.IncludeTrace && _history.Random.OneIn(4),
        };
        var naive = _history.Naive;
        var expected = (DecisionReason)(asked.Subject.Principal is { } principal ? naive.Decide(principal, asked) : naive.Decide(claims, asked));
        var isActive = claims is not null && naive.IsUseful(claims);
        foreach (var mode in Modes.Concat(Modes))
        {
            var decision = await _iam.CheckPermissionAsync(ToCheck(asked, mode), CancellationToken.None);
            Assert.True(
                (expected, expected == DecisionReason.Allowed, _history.Revision) == (decision.Reason, decision.Allowed, decision.Revision),
                $"{_history.RealmId} after {_history.Event}: {expected} at {_history.Revision} by the definition, {decision.Reason} at {decision.Revision} in the mode {mode}; {asked}, {asked.Context}, {claims}");
            var token = await _iam.IntrospectAsync(text, _history.Revision, mode, CancellationToken.None);
            Assert.True(
                (isActive, _history.Revision) == (token.Active, token.Revision),
                $"{_history.RealmId} after {_history.Event}: active is {isActive} by the definition and not in the mode {mode}; {claims}");
        }

        Asked += 4;
    }

    /// <summary>Of those that stand on somebody's word or delegation, which are asked about remotely, not too many.</summary>
    private (AccessToken? Claims, string Text) AnyToken()
    {
        var token = _history.AnyToken();
        return token.Claims is { Assertion: null, DelegationId: null } || _history.Random.OneIn(3) ? token : _history.AnyToken();
    }

    /// <summary>
    /// Waits until the streams have brought what happened: a revocation is effective here when they have, and they bring one after the other. The
    /// streams are fresh then, so that nothing but their own lack makes questions go elsewhere.
    /// </summary>
    private async Task HearAsync()
    {
        var mark = Mark();
        var text = await _history.SignAsync(mark);
        await UntilKnownAsync(text, isActive: true);
        await _history.RevokeAsync(mark);
        await UntilKnownAsync(text, isActive: false);
    }

    /// <summary>By the streams, and not by asking.</summary>
    private async Task UntilKnownAsync(string token, bool isActive)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await LackAsync(token, isActive) is { } lack)
        {
            Assert.False(patience.IsCancellationRequested, $"{_history.RealmId} after {_history.Event}: the client does not hear that the mark is active={isActive}: {lack}");
            await Task.Delay(1);
        }
    }

    private async Task<string?> LackAsync(string token, bool isActive)
    {
        var health = (await _provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["pltfrms-iam"];
        if (health.Status != HealthStatus.Healthy)
        {
            return health.Description;
        }

        var asked = _fallbacks.Count;
        var known = await _iam.IntrospectAsync(token, _history.Revision, IamMode.Local, CancellationToken.None);
        return asked != _fallbacks.Count ? $"it asked ({_fallbacks})" : known.Active != isActive ? $"active={known.Active}" : null;
    }

    /// <summary>A token of the watcher's own, good whatever happens.</summary>
    private AccessToken Mark() => new()
    {
        TokenId = $"mark{++_marks}",
        RealmId = _history.RealmId,
        Issuer = TokenReplica.Issuer(_history.RealmId),
        Subject = Principal.Client(RandomHistory.WatcherId),
        ClientId = RandomHistory.WatcherId,
        Scopes = [RandomHistory.WatchedPermission],
        Audiences = [RandomHistory.WatchedAudience],
        IssuedAt = _history.Now,
        ExpiresAt = _history.Now.AddMinutes(5),
    };

    private PermissionCheck ToCheck(Asked asked, IamMode mode) => new()
    {
        Subject = asked.Subject.Principal is not { } principal ? PermissionSubject.AccessToken(asked.Subject.AccessToken!)
            : principal.Type == MemberType.User ? PermissionSubject.User(principal.Id)
            : PermissionSubject.Client(principal.Id),
        Permission = asked.Permission,
        OrganizationId = asked.Context.OrganizationId,
        Audience = asked.Context.Audience,
        Context = new() { SourceAddress = asked.Context.SourceAddress?.ToString(), Acr = asked.Context.Acr },
        SenderConstraintVerified = asked.Presentation is not null,
        IncludeTrace = asked.IncludeTrace,
        MinRevision = _history.Revision,
        Mode = mode,
    };

    /// <summary>The issuer's public address leads to the replica.</summary>
    private sealed class Redirected(Uri replica) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(replica, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
