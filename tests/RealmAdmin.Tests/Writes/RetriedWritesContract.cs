using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Writes;

/// <summary>Batches, retries, secrets and deletions over a real port.</summary>
public abstract class RetriedWritesContract(TestDatabase fixture) : IAsyncLifetime
{
    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _admin = new AdminCalls(_server);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task Of_sixty_four_equal_calls_one_writes_and_all_get_its_answer()
    {
        var realmId = await _admin.NewRealmAsync();
        var request = new CreateRoleRequest { RealmId = realmId, Role = new() { RoleId = "once" }, RequestId = "retry-1" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => _admin.CallAsync<CreateRoleResponse>(request))));

        Assert.Equal(2, answers[0].Revision);
        Assert.Single(answers.Distinct());
        Assert.Equal(2, await _admin.RevisionAsync(realmId));
    }

    [StorageFact]
    public async Task A_request_id_is_good_for_one_request_only()
    {
        var (realmId, other) = (await _admin.NewRealmAsync(), await _admin.NewRealmAsync());
        await _admin.CallAsync(new CreateRoleRequest { RealmId = realmId, Role = new() { RoleId = "r" }, RequestId = "retry-1" });

        var body = await _admin.RefusalAsync(new CreateRoleRequest { RealmId = realmId, Role = new() { RoleId = "s" }, RequestId = "retry-1" });
        Assert.Equal((StatusCode.InvalidArgument, "REQUEST_ID_REUSED", "request_id"), (body.Code, body.Reason, Assert.Single(body.Fields)));
        var method = await _admin.RefusalAsync(new DeleteRoleRequest { RealmId = realmId, RoleId = "r", RequestId = "retry-1" });
        Assert.Equal("REQUEST_ID_REUSED", method.Reason);
        await _admin.CallAsync(new CreateRoleRequest { RealmId = other, Role = new() { RoleId = "r" }, RequestId = "retry-1" });
        Assert.Equal(2, await _admin.RevisionAsync(realmId));
    }

    [StorageFact]
    public async Task A_deletion_is_repeated_and_a_refusal_is_not_remembered()
    {
        var realmId = await _admin.NewRealmAsync();
        var update = new UpdateRoleRequest { RealmId = realmId, Role = new() { RoleId = "later", DisplayName = "L" }, RequestId = "retry-1" };
        Assert.Equal("RESOURCE_NOT_FOUND", (await _admin.RefusalAsync(update)).Reason);
        await _admin.CallAsync(new CreateRoleRequest { RealmId = realmId, Role = new() { RoleId = "later" } });
        Assert.Equal(3, (await _admin.CallAsync<UpdateRoleResponse>(update)).Revision);
        var same = new UpdateRoleRequest { RealmId = realmId, Role = new() { RoleId = "later", DisplayName = "L" }, RequestId = "retry-2" };
        Assert.Equal(3, (await _admin.CallAsync<UpdateRoleResponse>(same)).Revision);
        Assert.Equal(3, (await _admin.CallAsync<UpdateRoleResponse>(same)).Revision);

        var delete = new DeleteRoleRequest { RealmId = realmId, RoleId = "later", RequestId = "retry-3" };
        Assert.Equal(4, (await _admin.CallAsync<DeleteRoleResponse>(delete)).Revision);
        Assert.Equal(4, (await _admin.CallAsync<DeleteRoleResponse>(delete)).Revision);
        Assert.Equal(4, await _admin.RevisionAsync(realmId));
    }

    [StorageFact]
    public async Task A_batch_is_one_revision_in_its_order()
    {
        var realmId = await _admin.NewRealmAsync();
        var request = new BatchWriteRequest
        {
            RealmId = realmId,
            RequestId = "batch-1",
            Operations =
            {
                new WriteOperation { CreateUser = new() { User = new() { UserId = "eve" } } },
                new WriteOperation { CreateRoleBinding = new() { RoleBinding = new() { UserId = "eve", RoleId = "reader" } } },
                new WriteOperation { UpdateGroup = new() { Group = new() { GroupId = "night", DisplayName = "N" }, UpdateMask = new FieldMask { Paths = { "display_name" } } } },
                new WriteOperation { DeleteRoleBinding = new() { RoleBindingId = "rb" } },
            },
        };

        var written = await _admin.CallAsync<BatchWriteResponse>(request);

        Assert.Equal(2, written.Revision);
        Assert.Equal(["user", "role_binding", "group", "role_binding"], written.Resources.Select(resource => resource.ResourceKind));
        Assert.Equal([43, 43, 43, 0], written.Resources.Select(resource => resource.Etag.Length));
        var night = (await _admin.CallAsync<GetGroupResponse>(new GetGroupRequest { RealmId = realmId, GroupId = "night" })).Group;
        Assert.Equal(("N", "staff", written.Resources[2].Etag), (night.DisplayName, Assert.Single(night.ParentGroupIds), night.Etag));
        Assert.Equal(written, await _admin.CallAsync<BatchWriteResponse>(request));
        Assert.Equal(2, await _admin.RevisionAsync(realmId));
    }

    [StorageFact]
    public async Task Of_a_batch_with_one_wrong_write_nothing_is_left()
    {
        var realmId = await _admin.NewRealmAsync();
        var users = Enumerable.Range(0, 999).Select(i => new WriteOperation { CreateUser = new() { User = new() { UserId = $"u{i}" } } });
        var request = new BatchWriteRequest { RealmId = realmId, Operations = { users, new WriteOperation { DeleteUser = new() { UserId = "ada" } } } };

        var refusal = await _admin.RefusalAsync(request);

        Assert.Equal(("RESOURCE_IN_USE", "operations[999].delete_user.user_id"), (refusal.Reason, Assert.Single(refusal.Fields)));
        Assert.Equal("RESOURCE_NOT_FOUND", (await _admin.RefusalAsync(new GetUserRequest { RealmId = realmId, UserId = "u0" })).Reason);
        Assert.Equal(1, await _admin.RevisionAsync(realmId));
        request.Operations.Add(new WriteOperation());
        Assert.Equal(("INVALID_ARGUMENT", "operations"), ((await _admin.RefusalAsync(request)).Reason, Assert.Single((await _admin.RefusalAsync(request)).Fields)));
    }

    [StorageFact]
    public async Task A_secret_is_rotated_while_the_old_one_works_on()
    {
        var realmId = await _admin.NewRealmAsync();
        var create = new CreateClientSecretRequest { RealmId = realmId, ClientId = "api", RequestId = "secret-1" };
        var old = await _admin.CallAsync<CreateClientSecretResponse>(create);
        Assert.Equal((43, 2L), (old.Secret.Length, old.Revision));
        Assert.Equal("REQUEST_ID_REUSED", (await _admin.RefusalAsync(create)).Reason);
        var next = await _admin.CallAsync<CreateClientSecretResponse>(new CreateClientSecretRequest { RealmId = realmId, ClientId = "api" });
        Assert.NotEqual(old.Secret, next.Secret);

        var end = Timestamp.FromDateTimeOffset(Samples.Instant.AddYears(50));
        var expired = await _admin.CallAsync<ExpireClientSecretResponse>(
            new ExpireClientSecretRequest { RealmId = realmId, ClientId = "api", SecretId = old.ClientSecret.SecretId, ExpireTime = end });
        Assert.Equal((end, 4L), (expired.ClientSecret.ExpireTime, expired.Revision));

        using (var watcher = new Feed.Watcher(_server, realmId))
        {
            var (snapshot, _) = await watcher.SnapshotAsync();
            var secrets = snapshot.Resources.Single(resource => resource.Client is not null).Client.HashedSecrets;
            Assert.Equal([Hash(old.Secret), Hash(next.Secret)], secrets.OrderBy(secret => secret.SecretId, StringComparer.Ordinal).Select(secret => Convert.ToHexStringLower(secret.Sha256.Span)));
            Assert.Equal([end, null], secrets.OrderBy(secret => secret.SecretId, StringComparer.Ordinal).Select(secret => secret.ExpireTime));
        }

        await _admin.CallAsync(new DeleteClientSecretRequest { RealmId = realmId, ClientId = "api", SecretId = old.ClientSecret.SecretId });
        var client = (await _admin.CallAsync<GetClientResponse>(new GetClientRequest { RealmId = realmId, ClientId = "api" })).Client;
        Assert.Equal(next.ClientSecret, Assert.Single(client.Secrets));
    }

    [StorageFact]
    public async Task A_client_has_ten_secrets_at_most_and_a_public_one_none()
    {
        var realmId = await _admin.NewRealmAsync();
        await _admin.CallAsync(new CreateClientRequest { RealmId = realmId, Client = new() { ClientId = "spa", ClientType = ClientType.Public } });
        for (var i = 0; i < 10; i++)
        {
            await _admin.CallAsync(new CreateClientSecretRequest { RealmId = realmId, ClientId = "api" });
        }

        Assert.Equal("INVALID_ARGUMENT", (await _admin.RefusalAsync(new CreateClientSecretRequest { RealmId = realmId, ClientId = "api" })).Reason);
        Assert.Equal("INVALID_ARGUMENT", (await _admin.RefusalAsync(new CreateClientSecretRequest { RealmId = realmId, ClientId = "spa" })).Reason);
        var update = new UpdateClientRequest { RealmId = realmId, Client = new() { ClientId = "api", ClientType = ClientType.Public } };
        Assert.Equal(["client.client_type"], (await _admin.RefusalAsync(update)).Fields);
        update.Client.ClientType = ClientType.External;
        Assert.Equal(10, (await _admin.CallAsync<UpdateClientResponse>(update)).Client.Secrets.Count);
    }

    [StorageFact]
    public async Task A_cascade_removes_what_cannot_be_without_it_and_cuts_the_rest()
    {
        var realmId = await _admin.NewRealmAsync(AdminCalls.Base.Replace("{client_id: api, client_type: web}", "{client_id: api, client_type: web, scopes: [a.read, all], owner_organization_id: acme}", StringComparison.Ordinal));
        using var watcher = new Feed.Watcher(_server, realmId);
        await watcher.SnapshotAsync();

        await _admin.CallAsync(new DeleteOrganizationRequest { RealmId = realmId, OrganizationId = "acme", Cascade = true });
        var delta = await watcher.DeltaAsync();
        Assert.Equal(2, delta.Revision);
        Assert.Equal(["organization acme", "organization retail", "role_binding rb"], delta.Deletes.Select(gone => $"{gone.ResourceKind} {gone.ResourceId}").Order(StringComparer.Ordinal));
        Assert.Empty(delta.Upserts.Single(resource => resource.User is not null).User.OrganizationIds);
        Assert.Equal("", delta.Upserts.Single(resource => resource.Client is not null).Client.Client.OwnerOrganizationId);

        await _admin.CallAsync(new DeleteResourceServerRequest { RealmId = realmId, Audience = "https://api.example", Cascade = true });
        var client = (await _admin.CallAsync<GetClientResponse>(new GetClientRequest { RealmId = realmId, ClientId = "api" })).Client;
        Assert.Equal(["all"], client.Scopes);
        var roles = (await _admin.CallAsync<ListRolesResponse>(new ListRolesRequest { RealmId = realmId })).Roles;
        Assert.All(roles, role => Assert.Empty(role.Permissions));

        await _admin.CallAsync(new DeleteRoleRequest { RealmId = realmId, RoleId = "reader", Cascade = true });
        await _admin.CallAsync(new DeleteGroupRequest { RealmId = realmId, GroupId = "staff", Cascade = true });
        Assert.Empty((await _admin.CallAsync<GetGroupResponse>(new GetGroupRequest { RealmId = realmId, GroupId = "night" })).Group.ParentGroupIds);
        Assert.Equal(5, await _admin.RevisionAsync(realmId));
    }

    [StorageFact]
    public async Task A_cascade_does_not_touch_what_would_let_more_through()
    {
        var realmId = await _admin.NewRealmAsync("""
            scope_pipeline: {unregistered_scopes: any, conditions: [{name: c, flow: {organization_ids: [acme]}}]}
            organizations: [{organization_id: acme}]
            scopes: [{scope: some}]
            clients: [{client_id: c, client_type: web, scopes: [some]}]
            """);

        var organization = await _admin.RefusalAsync(new DeleteOrganizationRequest { RealmId = realmId, OrganizationId = "acme", Cascade = true });
        Assert.Equal([("organization_id", $"realm '{realmId}'")], organization.Violations);
        var scope = await _admin.RefusalAsync(new DeleteScopeRequest { RealmId = realmId, Scope = "some", Cascade = true });
        Assert.Equal([("scope", "client 'c'")], scope.Violations);
        Assert.Equal(1, await _admin.RevisionAsync(realmId));
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)));
}

public sealed class SqliteRetriedWritesTests(SqliteRealmAdminDatabase fixture) : RetriedWritesContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRetriedWritesTests(PostgresRealmAdminDatabase fixture)
    : RetriedWritesContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
