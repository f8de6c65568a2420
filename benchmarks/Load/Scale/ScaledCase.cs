using Benchmarks.Stage;
using Google.Protobuf;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Load.Scale;

/// <summary>A cluster of some size and the load that is put on it: the same calls, spread over its realms in use, their users and grants.</summary>
internal sealed class ScaledCase(Settings settings, string caseName, Size size, HttpClient http) : IAsyncDisposable
{
    private const int Prepared = 10_000;

    /// <summary>The calls that are made again when every realm is in memory.</summary>
    public static readonly IReadOnlyList<string> AlsoWithAllInMemory = [Issue, TokenCheckName];

    private const string Issue = "client_credentials";
    private const string TokenCheckName = "CheckPermission of a token";

    private readonly Random _random = new(1);
    private Cluster? _cluster;
    private Population? _population;
    private long _refreshes;

    public Size Size => size;

    public Cluster Cluster => _cluster!;

    /// <summary>Of the token service, with its realms in use loaded, before there was load.</summary>
    public double ResidentMebibytes { get; private set; }

    /// <summary>In the database, with its refresh token.</summary>
    public double BytesOfGrant { get; private set; }

    public async Task<IReadOnlyList<Target>> MakeAsync()
    {
        // The limit is for one client that runs wild, and one client has all the load of its realm here.
        var plan = settings.Plan;
        _cluster = await Cluster.StartAsync(plan with { TokenSettings = new Dictionary<string, string>(plan.TokenSettings) { ["Token:RequestsPerClientPerSecond"] = "1000000" } });
        _population = new Population(_cluster, size);
        var grants = new LiveGrants(_cluster, size);
        BytesOfGrant = await grants.MakeAsync();
        await _population.MakeAsync();
        await _cluster.RestartTokenAsync();
        await _population.OpenAsync(size.InUse);
        ResidentMebibytes = _cluster.Token.ResidentMebibytes;
        _refreshes = await new FillCheck(_cluster, size, _population, grants, RefreshAsync).RunAsync();
        var tokens = await Task.WhenAll(Enumerable.Range(0, size.InUse).Select(i => TokenAsync(Size.RealmId(i))));
        return
        [
            Form(Issue, Cycle([.. RealmIds().Select(IssueRequest)]), "\"access_token\":\""),
            Call("IntrospectToken", "TokenService/IntrospectToken", [.. RealmIds().Select((realmId, i) => new IntrospectTokenRequest { RealmId = realmId, Token = tokens[i] })]),
            Call(TokenCheckName, "PermissionService/CheckPermission", [.. RealmIds().Select((realmId, i) => TokenCheck(realmId, tokens[i]))]),
            Call("CheckPermission of a user", "PermissionService/CheckPermission", [.. Enumerable.Range(0, Prepared).Select(UserCheck)]),
            Form("refresh_token", NextRefresh, "\"refresh_token\":\""),
        ];
    }

    public Task OpenAllAsync() => _population!.OpenAsync(size.Realms);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private IEnumerable<string> RealmIds() => Enumerable.Range(0, size.InUse).Select(Size.RealmId);

    private Uri Endpoint(string realmId) => new(new Uri(Cluster.TokenHttp), $"/realms/{realmId}/oauth2/token");

    private Target Form(string call, Func<byte[]> next, string expected) =>
        Named(call, Target.Of(Role.Product, call, Served(), new FormTarget(Endpoint(Size.RealmId(0)), next, static _ => { }, expected)));

    private Target Call(string name, string method, IReadOnlyList<IMessage> messages)
    {
        var bytes = messages.Select(message => message.ToByteArray()).ToArray();
        var call = new GrpcTarget(new(Cluster.TokenGrpc), $"/pltfrms.iam.token.v1.{method}", bytes[0], $"Bearer {Cluster.OperatorKey}") { Begins = [0x08, 0x01], Others = bytes };
        return Named(name, Target.Of(Role.Product, name, Served(), call));
    }

    /// <remarks>Our own generator measures: the tools send one and the same request.</remarks>
    private Target Named(string call, Target target) => target with { Name = call, Label = $"{call}, {caseName}", Tool = null };

    private Served Served() => new(Cluster.Token.Id, Cluster.DatabaseCpu, Cluster.Token.AllocatedBytes);

    private byte[] IssueRequest(string realmId) =>
        FormTarget.Bytes(Endpoint(realmId), "grant_type=client_credentials", [RequestHeader.Basic(Population.ClientId, Population.Secret)]);

    private static CheckPermissionRequest TokenCheck(string realmId, string token) => new() { RealmId = realmId, AccessToken = token, Permission = Population.Permission };

    private CheckPermissionRequest UserCheck(int i)
    {
        var binding = _population!.Binding(Size.RealmId(_random.Next(size.InUse)), _random.Next(size.BindingsOfEach));
        return new() { RealmId = binding.RealmId, UserId = binding.UserId, OrganizationId = binding.OrganizationId, Permission = Population.Permission };
    }

    /// <summary>Each counts once. Where none is left the answer is an error, which the figure tells.</summary>
    private byte[] NextRefresh()
    {
        var turn = Interlocked.Increment(ref _refreshes) - 1;
        var (realmId, value) = turn < size.Grants ? LiveGrants.Usable(size, turn) : (Size.RealmId(0), "none-is-left");
        return FormTarget.Bytes(Endpoint(realmId), RefreshForm(value), [WebClient]);
    }

    private static RequestHeader WebClient => RequestHeader.Basic(Population.WebId, Population.Secret);

    private static string RefreshForm(string value) => $"grant_type=refresh_token&refresh_token={value}";

    private Task RefreshAsync(string realmId, string value) => Tokens.IssueAsync(http, Endpoint(realmId), RefreshForm(value), WebClient);

    private static Func<byte[]> Cycle(byte[][] requests)
    {
        var turn = 0;
        return () => requests[turn = (turn + 1) % requests.Length];
    }

    private async Task<string> TokenAsync(string realmId) => await Tokens.IssueAsync(
        http, Endpoint(realmId), "grant_type=client_credentials", RequestHeader.Basic(Population.ClientId, Population.Secret));
}
