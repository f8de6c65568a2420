using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Feed;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Writes;

/// <summary>A realm from its making to its end.</summary>
public abstract class RealmLifeContract(TestDatabase fixture) : IAsyncLifetime
{
    private static readonly string[] Tables =
    [
        "role_binding", "iam_user", "external_identity", "organization_member", "group_member", "iam_group", "role", "scope", "permission",
        "resource_server", "client_secret", "client", "organization", "request_log", "change_log", "realm_host", "realm",
    ];

    private readonly string _realmId = Samples.NewRealmId();
    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.StartAsync(fixture.Settings);
        _admin = new AdminCalls(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

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

        await ErasedAsync(realmId);
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

        await using var next = await RealmAdminServer.StartAsync(fixture.Settings);

        await ErasedAsync(realmId);
    }

    private async Task ErasedAsync(string realmId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await LeftAsync(realmId) > 0)
        {
            await Task.Delay(100, patience.Token);
        }
    }

    private async Task<long> LeftAsync(string realmId)
    {
        await using var session = await fixture.Database.OpenAsync(default);
        var left = 0L;
        foreach (var table in Tables)
        {
            left += await session.QuerySingleOrDefaultAsync<long>($"select count(1) from {table} where realm_id = @realmId", new { realmId }, default);
        }

        return left;
    }
}

public sealed class SqliteRealmLifeTests(SqliteRealmAdminDatabase fixture) : RealmLifeContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmLifeTests(PostgresRealmAdminDatabase fixture)
    : RealmLifeContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
