using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Documents;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Hosting;

/// <summary>What an import takes and what it answers over a real port.</summary>
public abstract class ImportServiceContract(TestDatabase fixture) : IAsyncLifetime
{
    private RealmAdminServer _server = null!;

    public async Task InitializeAsync() => _server = await RealmAdminServer.SharedWithDemoAsync(fixture);

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task Every_error_of_a_document_travels_with_its_path()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() =>
            _server.ImportAsync(DemoRealm.Id, "realm_id: demo\nclients: [{client_id: a, client_type: web}, {client_id: b, client_type: web, redirect_uris: ['http://b.example']}]\nusers: [{}]"));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REALM_DOCUMENT"), (exception.StatusCode, RichStatus.ReasonOf(exception)));
        Assert.Equal(
            [
                ("clients[1].redirect_uris[0]", "must be https, or http on a loopback address"),
                ("users[0].user_id", "is required"),
            ],
            Refusals.Violations(exception).Select(violation => (violation.Field, violation.Description)));
    }

    [StorageFact]
    public async Task As_many_errors_as_an_answer_carries_arrive()
    {
        var document = "realm_id: demo\nroles:\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"  - rol_id: r{i}\n"));

        var exception = await Assert.ThrowsAsync<RpcException>(() => _server.ImportAsync(DemoRealm.Id, document));

        Assert.Equal("INVALID_REALM_DOCUMENT", RichStatus.ReasonOf(exception));
        Assert.InRange(Refusals.Violations(exception).Count, 100, 300);
    }

    [StorageFact]
    public async Task An_import_tells_its_difference_field_by_field()
    {
        await _server.ImportAsync("fields", "realm_id: fields\nroles: [{role_id: r, permissions: [iam.users.read]}]");

        var import = await _server.ImportAsync("fields", "realm_id: fields\nroles: [{role_id: r, display_name: \"Größe\", permissions: [iam.roles.read]}]");

        Assert.Equal(
            new ResourceChange
            {
                ResourceKind = "role",
                ResourceId = "r",
                ChangeKind = ChangeKind.Update,
                Fields =
                {
                    new FieldChange { Field = "display_name", Before = "\"\"", After = "\"Größe\"" },
                    new FieldChange { Field = "permissions", Before = "[\"iam.users.read\"]", After = "[\"iam.roles.read\"]" },
                },
            },
            Assert.Single(import.Changes));
    }

    [StorageFact]
    public async Task A_document_of_several_megabytes_is_read()
    {
        var document = "realm_id: large\nusers:\n" + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"  # {new string('x', 2_000)}\n  - user_id: u{i}\n"));

        var import = await _server.ImportAsync("large", document, dryRun: true);

        Assert.Equal(3_001, import.Changes.Count);
    }
}

public sealed class SqliteImportServiceTests(SqliteRealmAdminDatabase fixture) : ImportServiceContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresImportServiceTests(PostgresRealmAdminDatabase fixture)
    : ImportServiceContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
