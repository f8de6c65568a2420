using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Feed;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Realms;
using RealmAdmin.Tests.Storage;
using Testing;
using Testing.Databases;

namespace RealmAdmin.Tests.Writes;

/// <summary>A realm from its making to its end.</summary>
public abstract class RealmLifeContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _realmId = Samples.NewRealmId();
    private ErasurePeersStandIn _peers = null!;
    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;

    public async Task InitializeAsync()
    {
        _peers = await ErasurePeersStandIn.StartAsync();
        _server = await StartAsync();
        _admin = new AdminCalls(_server);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _peers.DisposeAsync();
    }

    [StorageFact]
    public async Task A_realm_is_made_once_and_changed_by_who_saw_its_latest_settings()
    {
        var create = new CreateRealmRequest { Realm = new() { RealmId = _realmId, DisplayName = "R", AcrValues = { "pwd", "mfa" } }, RequestId = "make-1" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _admin.CallAsync<CreateRealmResponse>(create))));
        var made = Assert.Single(answers.Distinct()).Realm;
        Assert.Equal((1L, 300L), (made.Revision, made.AccessTokenLifetime.Seconds));
        Assert.Equal(made, (await _admin.CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = _realmId })).Realm);
        var again = await _admin.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = _realmId } });
        Assert.Equal((StatusCode.AlreadyExists, "ALREADY_EXISTS", "realm.realm_id"), (again.Code, again.Reason, Assert.Single(again.Fields)));

        await _admin.CallAsync(new CreateRoleRequest { RealmId = _realmId, Role = new() { RoleId = "r" } });
        var update = new UpdateRealmRequest
        {
            Realm = new() { RealmId = _realmId, Etag = made.Etag, AccessTokenLifetime = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) },
            UpdateMask = new FieldMask { Paths = { "access_token_lifetime" } },
        };
        var updated = (await _admin.CallAsync<UpdateRealmResponse>(update)).Realm;
        Assert.Equal((3L, 60L, "R"), (updated.Revision, updated.AccessTokenLifetime.Seconds, updated.DisplayName));
        Assert.Equal("ETAG_MISMATCH", (await _admin.RefusalAsync(update)).Reason);
        update.Realm.Etag = updated.Etag;
        Assert.Equal(updated, (await _admin.CallAsync<UpdateRealmResponse>(update)).Realm);
    }

    [StorageFact]
    public async Task Wrong_settings_are_refused()
    {
        Assert.Equal(["realm"], (await _admin.RefusalAsync(new CreateRealmRequest())).Fields);
        Assert.Equal("INVALID_NAME", (await _admin.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = "No Realm" } })).Reason);
        var realmId = await _admin.NewRealmAsync(AdminCalls.Base.Replace("rb, user_id: ada", "rb, conditions: {min_acr: mfa}, user_id: ada", StringComparison.Ordinal));
        var acr = await _admin.RefusalAsync(new UpdateRealmRequest { Realm = new() { RealmId = realmId, AcrValues = { "pwd" } } });
        Assert.Equal(("RESOURCE_IN_USE", "role_binding 'rb'"), (acr.Reason, Assert.Single(acr.Violations).Description));
        var pipeline = await _admin.RefusalAsync(new UpdateRealmRequest
        {
            Realm = new()
            {
                RealmId = realmId,
                AcrValues = { "pwd", "mfa" },
                ScopePipeline = new() { GrantedScopesProcessors = { new GrantedScopesProcessor { Name = "w", Whitelist = new() { Scopes = { "all", "nothing" } } } } },
            },
        });
        Assert.Equal(("DANGLING_REFERENCE", "realm.scope_pipeline.granted_scopes_processors[0].whitelist.scopes[1]"), (pipeline.Reason, Assert.Single(pipeline.Fields)));
    }

    [StorageFact]
    public async Task A_deleted_realm_is_gone_at_once_and_its_data_is_erased()
    {
        var realmId = await _admin.NewRealmAsync();
        await _admin.CallAsync(new CreateUserRequest { RealmId = realmId, User = new() { UserId = "eve" }, RequestId = "r1" });
        using var watcher = new Watcher(_server, realmId);
        await watcher.SnapshotAsync();
        var mask = new FieldMask { Paths = { "disabled" } };
        var realm = (await _admin.CallAsync<UpdateRealmResponse>(new UpdateRealmRequest { Realm = new() { RealmId = realmId, Disabled = true }, UpdateMask = mask })).Realm;
        Assert.Equal("ETAG_MISMATCH", (await _admin.RefusalAsync(new DeleteRealmRequest { RealmId = realmId, Etag = "older" })).Reason);

        await _admin.CallAsync(new DeleteRealmRequest { RealmId = realmId, Etag = realm.Etag });

        Assert.Equal("REALM_NOT_FOUND", (await _admin.RefusalAsync(new GetRealmRequest { RealmId = realmId })).Reason);
        Assert.Equal("REALM_NOT_FOUND", (await _admin.RefusalAsync(new GetUserRequest { RealmId = realmId, UserId = "ada" })).Reason);
        Assert.Equal("REALM_NOT_FOUND", (await _admin.RefusalAsync(new CreateRoleRequest { RealmId = realmId, Role = new() { RoleId = "r" } })).Reason);
        var end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watcher.NextAsync() is not null)
            {
                // Until the stream says what became of the realm.
            }
        });
        Assert.Equal("REALM_NOT_FOUND", RichStatus.ReasonOf(end));

        await FreeAsync(realmId);
        Assert.Equal(1, (await _admin.CallAsync<CreateRealmResponse>(new CreateRealmRequest { Realm = new() { RealmId = realmId } })).Realm.Revision);
    }

    [StorageFact]
    public async Task What_a_process_left_to_erase_the_next_one_erases()
    {
        var realmId = await _admin.NewRealmAsync($$"""
            disabled: true
            organizations: [{organization_id: o0}{{string.Concat(Enumerable.Range(1, 20).Select(i => $", {{organization_id: o{i}, parent_organization_id: o{i - 1}}}"))}}]
            users: [{{string.Join(", ", Enumerable.Range(0, 1_200).Select(i => $"{{user_id: u{i}, organization_ids: [o20]}}"))}}]
            """);
        await _admin.CallAsync(new DeleteRealmRequest { RealmId = realmId });
        await _server.StopAsync();

        await using var next = await StartAsync();

        await FreeAsync(realmId);
    }

    [StorageFact]
    public async Task The_id_is_held_back_until_every_service_has_erased_the_realm()
    {
        var realmId = await DeletedAsync(id =>
        {
            _peers.Rows.Left[$"token/{id}"] = 3;
            _peers.Rows.Left[$"consent/{id}"] = 2;
            _peers.Rows.Down["consent"] = true;
        });
        await UntilAsync(() => Task.FromResult(_peers.Rows.Left[$"token/{realmId}"] == 0));
        await AssertHeldBackAsync(realmId);

        _peers.Rows.Down.Clear();
        await FreeAsync(realmId);

        Assert.Equal((0, 0), (_peers.Rows.Left[$"token/{realmId}"], _peers.Rows.Left[$"consent/{realmId}"]));
        Assert.All(_peers.Rows.Credentials, credential => Assert.StartsWith("Bearer ey", credential));
        Assert.Equal(1, (await _server.ImportAsync(realmId, $"realm_id: {realmId}")).Revision);
    }

    [StorageFact]
    public async Task A_service_that_still_hears_of_the_realm_holds_its_id_back_and_no_other_realms()
    {
        var slow = await DeletedAsync(id => _peers.Rows.Known[$"token/{id}"] = true);
        var quick = await DeletedAsync(_ => { });

        await FreeAsync(quick);
        await AssertHeldBackAsync(slow);

        _peers.Rows.Known.Clear();
        await FreeAsync(slow);
    }

    [StorageFact]
    public async Task What_is_written_for_a_realm_until_it_is_quiet_is_erased_too()
    {
        await _server.StopAsync();
        await using var patient = await StartAsync(("Erasure:Quarantine", "00:00:02"));
        var realmId = await new AdminCalls(patient).NewRealmAsync("disabled: true");
        _peers.Rows.Left[$"token/{realmId}"] = 1;
        await new AdminCalls(patient).CallAsync(new DeleteRealmRequest { RealmId = realmId });
        await UntilAsync(() => Task.FromResult(_peers.Rows.Left[$"token/{realmId}"] == 0));

        // A request that was under way when the realm was deleted.
        _peers.Rows.Left[$"token/{realmId}"] = 1;

        await FreeAsync(realmId);
        Assert.Equal(0, _peers.Rows.Left[$"token/{realmId}"]);
    }

    [StorageFact]
    public async Task Without_a_consent_service_nobody_waits_for_it()
    {
        await _server.StopAsync();
        await using var alone = await StartAsync(("Peers:Consent:Address", ""));
        _peers.Rows.Down["consent"] = true;
        var realmId = await new AdminCalls(alone).NewRealmAsync("disabled: true");
        await new AdminCalls(alone).CallAsync(new DeleteRealmRequest { RealmId = realmId });

        await FreeAsync(realmId);
    }

    /// <remarks>Whoever adds a table with a realm_id adds it to ErasureStore.</remarks>
    [StorageFact]
    public async Task Every_table_that_has_rows_of_realms_is_erased_or_empties_with_one_that_is()
    {
        await using var session = await fixture.Database.OpenAsync(default);

        Assert.Equal(
            [
                "change_log", "client", "client_registration", "client_secret", "delegation", "external_identity", "group_member", "iam_group", "iam_user",
                "initial_access_token", "organization",
                "organization_member", "permission", "realm", "realm_host", "request_log", "resource_server", "role", "role_binding", "scope",
            ],
            await RealmData.TablesAsync(session));
    }

    private Task<RealmAdminServer> StartAsync(params (string Name, string Value)[] own)
    {
        var settings = fixture.Settings.Concat(_peers.Settings).ToDictionary();
        foreach (var (name, value) in own)
        {
            settings[name] = value;
        }

        return RealmAdminServer.StartAsync(settings);
    }

    /// <summary>A deleted realm.</summary>
    /// <param name="arrange">Given its id, makes what the peers have of it.</param>
    private async Task<string> DeletedAsync(Action<string> arrange)
    {
        var realmId = await _admin.NewRealmAsync("disabled: true");
        arrange(realmId);
        await _admin.CallAsync(new DeleteRealmRequest { RealmId = realmId });
        return realmId;
    }

    private async Task AssertHeldBackAsync(string realmId)
    {
        var create = await _admin.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = realmId } });
        Assert.Equal((StatusCode.FailedPrecondition, "REALM_BEING_ERASED", realmId), (create.Code, create.Reason, create.Metadata["realm_id"]));
        var document = $"realm_id: {realmId}";
        Assert.Equal("REALM_BEING_ERASED", (await _admin.RefusalAsync(new ImportRealmRequest { RealmId = realmId, Document = document })).Reason);
        Assert.Equal("REALM_BEING_ERASED", (await _admin.RefusalAsync(new PlanImportRequest { RealmId = realmId, Document = document })).Reason);
        Assert.Equal(1, await RowsAsync(realmId, "realm"));
    }

    private Task FreeAsync(string realmId) => UntilAsync(async () => await RowsAsync(realmId) == 0);

    private static Task UntilAsync(Func<Task<bool>> isSo) => Waiting.UntilAsync(isSo, TimeSpan.FromSeconds(60));

    private async Task<long> RowsAsync(string realmId, string? table = null)
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return (await RealmData.CountAsync(session, realmId)).Where(rows => table is null || rows.Key == table).Sum(rows => rows.Value);
    }
}

public sealed class SqliteRealmLifeTests(SqliteRealmAdminDatabase fixture) : RealmLifeContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmLifeTests(PostgresRealmAdminDatabase fixture)
    : RealmLifeContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
