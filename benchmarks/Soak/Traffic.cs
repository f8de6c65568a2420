using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Sessions;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Benchmarks.Soak;

/// <summary>What users, their browsers, applications and APIs make the service write and read.</summary>
internal sealed class Traffic(TokenParts parts, TimeProvider clock)
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly Random _random = new(1);
    private readonly PriorityQueue<Family, DateTimeOffset> _families = new();

    public Latencies Logins { get; private set; } = new();

    public Latencies Refreshes { get; private set; } = new();

    public Latencies Introspections { get; private set; } = new();

    public void BeginDay() => (Logins, Refreshes, Introspections) = (new(), new(), new());

    /// <summary>A user logs in and the application gets tokens; every fourth request is pushed before, and one of twenty users has a device that waits.</summary>
    public async Task LogInAsync()
    {
        var clientId = _random.Next(2) == 0 ? SoakRealm.Web : SoakRealm.OpaqueWeb;
        var issued = await Logins.MeasureAsync(() => LogInAsync(clientId, SoakRealm.UserId(_random.Next(100))));
        await Introspections.MeasureAsync(() => IntrospectAsync(issued.AccessToken));
        _families.Enqueue(new Family(clientId, issued.RefreshToken!), clock.GetUtcNow() + SoakRealm.RefreshEvery);
        if (_random.Next(20) == 0)
        {
            await WaitAsync();
        }
    }

    /// <summary>Applications refresh what is due: seven of ten go on after each time, two of a hundred are thrown out, the rest are forgotten.</summary>
    public async Task RefreshDueAsync()
    {
        while (_families.TryPeek(out var family, out var due) && due <= clock.GetUtcNow())
        {
            _families.Dequeue();
            var fate = _random.Next(100);
            if (fate < 2)
            {
                await parts.Get<RevokeToken>().ExecuteAsync(SoakRealm.Id, family.RefreshToken, family.ClientId, Revoker.Reuse("", null, null), CancellationToken.None);
            }
            else if (fate < 72 && await RefreshAsync(family) is { } issued)
            {
                await Introspections.MeasureAsync(() => IntrospectAsync(issued.AccessToken));
                _families.Enqueue(family with { RefreshToken = issued.RefreshToken! }, clock.GetUtcNow() + SoakRealm.RefreshEvery);
            }
        }
    }

    private async Task<IssuedToken> LogInAsync(string clientId, string userId)
    {
        var realm = await parts.Get<RealmSnapshots>().GetAsync(SoakRealm.Id, minRevision: 0, CancellationToken.None);
        var (session, _) = await parts.Get<LoginSessions>().StartAsync(realm, new CompletedLogin { UserId = userId }, oldCookie: null, CancellationToken.None);
        var (request, pushedHash) = await RequestAsync(realm, clientId);
        var authorizations = parts.Get<Authorizations>();
        var open = await authorizations.OpenAsync(SoakRealm.Id, request, OpaqueValue.New(), pushedHash, CancellationToken.None);
        open = await authorizations.SaveAsync(open, open.Pending.Progress with { SessionHash = session.SessionHash }, CancellationToken.None);
        var access = new UserAccess { UserId = userId, Scopes = [SoakRealm.Scope], AuthenticatedAt = session.AuthenticatedAt };
        var code = await parts.Get<IssueCode>().ExecuteAsync(open, access, CancellationToken.None);
        return await IssueAsync(Request(clientId, "authorization_code") with { Code = code, RedirectUri = SoakRealm.Callback, CodeVerifier = Verifier });
    }

    private async Task<(AuthorizationRequest Request, string? PushedHash)> RequestAsync(RealmSnapshot realm, string clientId)
    {
        var request = new AuthorizationRequest { ClientId = clientId, RedirectUri = SoakRealm.Callback, CodeChallenge = Challenge, Scopes = [SoakRealm.Scope], State = "s" };
        if (_random.Next(4) > 0)
        {
            return (request, null);
        }

        var pushed = parts.Get<PushedRequests>();
        return await pushed.FindAsync(realm, clientId, await pushed.AddAsync(SoakRealm.Id, request, CancellationToken.None), CancellationToken.None);
    }

    /// <summary>Null: the grant has come to its end.</summary>
    private async Task<IssuedToken?> RefreshAsync(Family family)
    {
        try
        {
            return await Refreshes.MeasureAsync(() => IssueAsync(Request(family.ClientId, "refresh_token") with { RefreshToken = family.RefreshToken }));
        }
        catch (Pltfrms.Iam.Common.Errors.IamException exception) when (exception.Reason == Pltfrms.Iam.Errors.V1.ErrorReason.InvalidGrant)
        {
            return null;
        }
    }

    private async Task<bool> IntrospectAsync(string accessToken) =>
        (await parts.Get<IntrospectToken>().ExecuteAsync(SoakRealm.Id, accessToken, presentation: null, minRevision: 0, CancellationToken.None)).Token is null
            ? throw new InvalidOperationException("A new token is not active.")
            : true;

    private async Task WaitAsync()
    {
        var hash = OpaqueValue.Hash(OpaqueValue.New());
        var now = clock.GetUtcNow();
        await using var session = await parts.Get<IDatabase>().BeginWriteAsync(CancellationToken.None);
        await parts.Get<DeviceAuthorizationStore>().AddAsync(
            session,
            new DeviceAuthorization
            {
                RealmId = SoakRealm.Id,
                DeviceHash = hash,
                UserCodeHash = hash,
                ClientId = SoakRealm.Web,
                GrantId = Guid.CreateVersion7(now).ToString("N"),
                Request = new AuthorizationRequest { ClientId = SoakRealm.Web, DeviceHash = hash, RedirectUri = "", CodeChallenge = "" },
                IntervalSeconds = 5,
                ExpiresAt = now.AddMinutes(10),
            },
            CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }

    /// <summary>What the feed does several times a second.</summary>
    public Task FollowRevocationsAsync() => parts.Get<Revocations>().RefreshAsync(CancellationToken.None);

    private async Task<IssuedToken> IssueAsync(TokenRequest request) => await parts.Get<IssueToken>().ExecuteAsync(request, CancellationToken.None);

    private static TokenRequest Request(string clientId, string grantType) =>
        new() { RealmId = SoakRealm.Id, Credentials = new ClientCredentials(clientId, SoakRealm.Secret), GrantType = grantType };

    private sealed record Family(string ClientId, string RefreshToken);
}
