using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Audit;

/// <summary>What a call through the service leaves in the trail: who it was, and no secret.</summary>
public abstract class AuditTrailContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Administrators = """

        users: [{user_id: alice}]
        clients:
          - {client_id: bot, client_type: service}
          - {client_id: gateway, client_type: service, scopes: [iam.realms.write]}
          - {client_id: batch, client_type: service, scopes: [iam.realms.write]}
          - {client_id: reader, client_type: service, scopes: [iam.realms.read]}
        role_bindings: [{user_id: alice, role_id: iam-administrator}, {client_id: bot, role_id: iam-administrator}]
        """;

    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly string _realmId = Samples.NewRealmId();
    private readonly ECDsa _pipelineKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private TokenServiceStandIn _tokens = null!;
    private RealmAdminServer _server = null!;
    private AuditService.AuditServiceClient _audit = null!;

    public async Task InitializeAsync()
    {
        _tokens = await TokenServiceStandIn.StartAsync();
        _server = await RealmAdminServer.StartAsync(new Dictionary<string, string?>(fixture.Settings)
        {
            ["Peers:Token:Address"] = _tokens.Address,
            ["TrustedServices:pipeline:PublicKey"] = _pipelineKey.ExportSubjectPublicKeyInfoPem(),
            ["TrustedServices:pipeline:Permissions:0"] = "iam.realms.write",
        });
        _audit = new AuditService.AuditServiceClient(_server.Channel);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tokens.DisposeAsync();
        _pipelineKey.Dispose();
    }

    [StorageFact]
    public async Task Every_kind_of_caller_is_recorded_in_full()
    {
        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}{Administrators}");
        await RenameAsync("b", PipelineAssertion());
        await RenameAsync(
            "c", Unsigned("at+jwt", """{"sub":"alice","user":"","client_id":"cli","jti":"token-1","act":{"sub":"gateway","act":{"sub":"batch"}}}"""));
        await RenameAsync("d", Unsigned("at+jwt", """{"sub":"bot","client_id":"bot","jti":"token-2"}"""));

        var actors = (await ListAsync()).Where(found => found.ResourceKind == "realm").Select(found => found.Actor).Reverse().ToList();

        Assert.Equal(
            [
                new() { ActorKind = "operator", ActorId = "operator" },
                new() { ActorKind = "service", ActorId = "pipeline" },
                new() { ActorKind = "token", ActorId = "alice", ClientId = "cli", TokenId = "token-1", ActChain = { "gateway", "batch" } },
                new() { ActorKind = "token", ActorId = "bot", ClientId = "bot", TokenId = "token-2" },
            ],
            actors);
    }

    [StorageTheory]
    [InlineData("""{"sub":"reader"}""")]
    [InlineData("""{"sub":"gateway","act":{"sub":"reader"}}""")]
    [InlineData("""{"sub":"gateway","act":{"sub":"nobody"}}""")]
    [InlineData("""{"sub":"gateway","act":{"sub":"alice","sub_type":"user"}}""")]
    public async Task Nobody_administers_through_one_who_may_not(string actor)
    {
        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}{Administrators}");
        var token = Unsigned("at+jwt", $$"""{"sub":"alice","user":"","client_id":"cli","jti":"token-1","act":{{actor}}}""");

        var refused = await Assert.ThrowsAsync<RpcException>(() => RenameAsync("b", token));

        Assert.Equal("PERMISSION_DENIED", RichStatus.ReasonOf(refused));
    }

    [StorageFact]
    public async Task The_caller_s_trace_is_recorded_and_one_is_made_where_it_has_none()
    {
        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}");
        var traced = RealmAdminServer.Operator;
        traced.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        await _server.Realms.ImportRealmAsync(new() { RealmId = _realmId, Document = $"realm_id: {_realmId}\ndisplay_name: b" }, traced);

        var events = await ListAsync();

        Assert.Equal(TraceId, events[0].CorrelationId);
        Assert.Matches("^[0-9a-f]{32}$", events[1].CorrelationId);
        Assert.NotEqual(TraceId, events[1].CorrelationId);
    }

    [StorageFact]
    public async Task No_secret_and_no_hash_of_one_is_anywhere_in_the_trail()
    {
        const string Secret = "a-secret-that-must-not-be-seen-0123456789";
        const string Next = "another-secret-that-must-not-be-seen-012345";
        var given = SHA256.HashData("given by its hash, and only its hash is known"u8);
        await _server.ImportAsync(_realmId, Document($"[{{secret_id: one, secret: {Secret}}}, {{secret_id: two, sha256: {Convert.ToHexStringLower(given)}}}]"));
        await _server.ImportAsync(_realmId, Document($"[{{secret_id: one, secret: {Next}}}]"));
        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}");

        using var export = new StringWriter();
        using var log = new StringWriter();
        var code = await new AuditCommand(_ => fixture.Connect(), export, log).RunAsync(["export-audit", "--realm", _realmId], default);
        var events = await ListAsync();
        var seen = $"{await TableAsync()}\n{export}\n{log}\n{string.Join('\n', events)}";

        Assert.Equal(0, code);
        Assert.Contains("\"secret_id\":\"one\"", seen, StringComparison.Ordinal);
        byte[][] hashes = [SHA256.HashData(Encoding.UTF8.GetBytes(Secret)), SHA256.HashData(Encoding.UTF8.GetBytes(Next)), given];
        string[] forbidden =
        [
            Secret, Next, "sha256", "Sha256",
            .. hashes.Select(Convert.ToHexString), .. hashes.Select(hash => Convert.ToBase64String(hash)), .. hashes.Select(hash => Base64Url.EncodeToString(hash)),
        ];
        Assert.All(forbidden, text => Assert.DoesNotContain(text, seen, StringComparison.OrdinalIgnoreCase));

        // That a secret was changed is seen all the same.
        var update = events.Single(found => found is { ResourceKind: "client", ChangeKind: ChangeKind.Update });
        Assert.Equal("secrets", Assert.Single(update.Fields).Field);
    }

    private string Document(string secrets) =>
        $"realm_id: {_realmId}\nclients:\n  - client_id: c\n    client_type: service\n    grant_types: [client_credentials]\n    secrets: {secrets}";

    private async Task RenameAsync(string displayName, string credential) => await _server.Realms.ImportRealmAsync(
        new() { RealmId = _realmId, Document = $"realm_id: {_realmId}\ndisplay_name: {displayName}{Administrators}" },
        new Metadata { { "authorization", $"Bearer {credential}" } });

    private async Task<IReadOnlyList<AuditEvent>> ListAsync() =>
        (await _audit.ListEventsAsync(new() { RealmId = _realmId }, RealmAdminServer.Operator)).Events;

    /// <summary>Every column, whether a record has it or not.</summary>
    private async Task<string> TableAsync()
    {
        await using var session = await fixture.Database.OpenAsync(default);
        var rows = await session.QueryAsync<dynamic>("select * from change_log where realm_id = @_realmId", new { _realmId }, default);
        return string.Join('\n', rows.Cast<IDictionary<string, object>>().SelectMany(row => row).Select(column => column.Value switch
        {
            byte[] bytes => Convert.ToHexString(bytes),
            string[] texts => $"{column.Key}={string.Join(',', texts)}",
            var value => $"{column.Key}={value}",
        }));
    }

    private string PipelineAssertion()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signed = Unsigned(
            "service+jwt", $$"""{"iss":"pipeline","aud":"realm-admin","iat":{{now}},"exp":{{now + 30}}}""", "ES256").TrimEnd('.');
        return $"{signed}.{Base64Url.EncodeToString(_pipelineKey.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Unsigned(string type, string claims, string algorithm = "none") =>
        $"{Encode($$"""{"alg":"{{algorithm}}","typ":"{{type}}"}""")}.{Encode(claims)}.";

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

public sealed class SqliteAuditTrailTests(SqliteRealmAdminDatabase fixture) : AuditTrailContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresAuditTrailTests(PostgresRealmAdminDatabase fixture)
    : AuditTrailContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
