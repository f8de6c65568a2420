using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Audit;

/// <summary>Who acted as whom is in the realm's audit trail like any change.</summary>
public abstract class RecordImpersonationContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _realmId = Samples.NewRealmId();
    private RealmAdminServer _server = null!;

    private AuditService.AuditServiceClient Audit => new(_server.Channel);

    private RecordImpersonationRequest Request => new()
    {
        RealmId = _realmId,
        TokenId = "t1",
        ClientId = "support",
        SubjectId = "alice",
        SubjectTokenId = "t0",
        Rule = "by-support",
        Scopes = { "invoices.read" },
        OrganizationId = "acme",
    };

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.StartAsync(new Dictionary<string, string?>(fixture.Settings));
        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task An_impersonation_is_an_event_that_says_who_acts_as_whom()
    {
        var revision = (await Audit.RecordImpersonationAsync(Request, RealmAdminServer.Operator)).Revision;

        var found = Assert.Single((await Audit.ListEventsAsync(
            new() { RealmId = _realmId, ResourceKind = "impersonation", ResourceId = "t1" }, RealmAdminServer.Operator)).Events);
        Assert.Equal((revision, ChangeKind.Create), (found.Revision, found.ChangeKind));
        Assert.Equal(
            [
                ("actor_id", "\"support\""), ("client_id", "\"support\""), ("organization_id", "\"acme\""), ("rule", "\"by-support\""),
                ("scopes", "[\"invoices.read\"]"), ("subject_id", "\"alice\""), ("subject_token_id", "\"t0\""), ("token_id", "\"t1\""),
            ],
            found.Fields.Select(field => (field.Field, field.After)));
        await using var output = new StringWriter();
        Assert.Equal(0, await new AuditCommand(_ => fixture.Connect(), output, TextWriter.Null).RunAsync(["verify-audit", "--realm", _realmId], CancellationToken.None));
    }

    [StorageFact]
    public async Task The_same_token_is_written_down_once()
    {
        var first = await Audit.RecordImpersonationAsync(Request, RealmAdminServer.Operator);

        Assert.Equal(first.Revision, (await Audit.RecordImpersonationAsync(Request, RealmAdminServer.Operator)).Revision);
    }

    [StorageFact]
    public async Task What_says_too_little_is_refused()
    {
        foreach (var clear in new Action<RecordImpersonationRequest>[] { r => r.TokenId = "", r => r.ClientId = "", r => r.SubjectId = "", r => r.SubjectTokenId = "" })
        {
            var request = Request;
            clear(request);
            Assert.Equal("INVALID_ARGUMENT", await RefusedAsync(request));
        }

        var elsewhere = Request;
        elsewhere.RealmId = "nowhere";
        Assert.Equal("REALM_NOT_FOUND", await RefusedAsync(elsewhere));
    }

    private async Task<string?> RefusedAsync(RecordImpersonationRequest request) => RichStatus.ReasonOf(
        await Assert.ThrowsAsync<RpcException>(async () => await Audit.RecordImpersonationAsync(request, RealmAdminServer.Operator)));
}

public sealed class SqliteRecordImpersonationTests(SqliteRealmAdminDatabase fixture)
    : RecordImpersonationContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRecordImpersonationTests(PostgresRealmAdminDatabase fixture)
    : RecordImpersonationContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
