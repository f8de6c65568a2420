using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using RealmAdmin.Tests.Audit;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Plans;

/// <summary>What writes would mean, asked over a real port.</summary>
public abstract class PreviewWritesContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly ECDsa _rolesKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private TokenServiceStandIn _tokens = null!;
    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;
    private string _realmId = "";

    public async Task InitializeAsync()
    {
        _tokens = await TokenServiceStandIn.StartAsync();
        _server = await RealmAdminServer.StartAsync(new Dictionary<string, string?>(fixture.Settings)
        {
            ["Peers:Token:Address"] = _tokens.Address,
            ["TrustedServices:roles:PublicKey"] = _rolesKey.ExportSubjectPublicKeyInfoPem(),
            ["TrustedServices:roles:Permissions:0"] = "iam.roles.write",
            ["TrustedServices:roles:Permissions:1"] = "iam.realms.write",
        });
        _admin = new AdminCalls(_server);
        _realmId = await _admin.NewRealmAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tokens.DisposeAsync();
        _rolesKey.Dispose();
    }

    [StorageFact]
    public async Task A_role_that_loses_a_permission_is_a_loss_for_those_who_hold_it_and_nothing_is_written()
    {
        _tokens.Grants.Grants.Add(new Grant { RealmId = _realmId, GrantId = "g", UserId = "ada", ClientId = "api", Scopes = { "a.read" } });

        var preview = await PreviewAsync(new WriteOperation { UpdateRole = new() { Role = new() { RoleId = "reader" }, UpdateMask = new() { Paths = { "permissions" } } } });

        Assert.Equal(1, preview.Revision);
        var change = Assert.Single(preview.Changes);
        Assert.Equal(("role", "reader", ChangeKind.Update, "permissions"), (change.ResourceKind, change.ResourceId, change.ChangeKind, Assert.Single(change.Fields).Field));
        Assert.Equal(
            [
                new AccessChange
                {
                    UserId = "ada",
                    OrganizationId = "acme",
                    Permission = "a.read",
                    Effect = AccessEffect.Lost,
                    Reason = "Role 'reader' loses the permission. Before: role binding 'rb' gives role 'reader' in organization 'acme' to the user.",
                },
            ],
            preview.AccessChanges);
        Assert.Equal((1, 1L, "g"), (preview.AccessChanges.Count, preview.GrantChangeCount, preview.GrantChanges.Single().GrantId));
        Assert.Equal(["1 user ('ada') loses 1 permission: a.read.", "1 live grant is touched.", "1 role is changed."], preview.Summary);
        Assert.Equal(["a.read"], (await _admin.CallAsync<GetRoleResponse>(new GetRoleRequest { RealmId = _realmId, RoleId = "reader" })).Role.Permissions);
        Assert.Equal(1, await _admin.RevisionAsync(_realmId));
    }

    [StorageFact]
    public async Task Writes_are_seen_as_a_whole_in_their_order()
    {
        var preview = await PreviewAsync(
            new WriteOperation { CreateUser = new() { User = new() { UserId = "eve", GroupIds = { "night" } } } },
            new WriteOperation { CreateRoleBinding = new() { RoleBinding = new() { RoleBindingId = "new", GroupId = "staff", RoleId = "writer" } } },
            new WriteOperation { CreateRole = new() { Role = new() { RoleId = "passing" } } },
            new WriteOperation { DeleteRole = new() { RoleId = "passing" } },
            new WriteOperation { UpdateUser = new() { User = new() { UserId = "eve", DisplayName = "Eve" }, UpdateMask = new() { Paths = { "display_name" } } } });

        Assert.Equal(["role_binding new Create", "user eve Create"], preview.Changes.Select(change => $"{change.ResourceKind} {change.ResourceId} {change.ChangeKind}"));
        Assert.Equal(
            ["ada (realm) a.read Gained", "ada (realm) a.write Gained", "eve (realm) a.read Gained", "eve (realm) a.write Gained"],
            preview.AccessChanges.Select(Line));
        Assert.Equal(["2 users ('ada' and 'eve') gain 4 permissions: a.read and a.write.", "1 user and 1 role binding are made."], preview.Summary);
        Assert.Empty(_tokens.Grants.Asked);
    }

    [StorageFact]
    public async Task A_cascade_shows_what_goes_along()
    {
        var preview = await PreviewAsync(new WriteOperation { DeleteOrganization = new() { OrganizationId = "acme", Cascade = true } });

        Assert.Equal(
            ["organization acme Delete", "organization retail Delete", "role_binding rb Delete", "user ada Update"],
            preview.Changes.Select(change => $"{change.ResourceKind} {change.ResourceId} {change.ChangeKind}").Order(StringComparer.Ordinal));
        Assert.Equal(["ada acme a.read Lost"], preview.AccessChanges.Select(Line));
        Assert.Equal("Role binding 'rb' is removed. Before: role binding 'rb' gives role 'reader' in organization 'acme' to the user.", preview.AccessChanges[0].Reason);
    }

    [StorageFact]
    public async Task What_the_writes_would_be_refused_for_is_said_with_their_place()
    {
        var inUse = await _admin.RefusalAsync(Request(
            new WriteOperation { CreateRole = new() { Role = new() { RoleId = "r" } } },
            new WriteOperation { DeleteUser = new() { UserId = "ada" } }));
        Assert.Equal((StatusCode.FailedPrecondition, "RESOURCE_IN_USE", "operations[1].delete_user.user_id"), (inUse.Code, inUse.Reason, Assert.Single(inUse.Fields)));
        Assert.Equal("ETAG_MISMATCH", (await _admin.RefusalAsync(Request(new WriteOperation { DeleteRole = new() { RoleId = "writer", Etag = "old" } }))).Reason);
        Assert.Equal("RESOURCE_NOT_FOUND", (await _admin.RefusalAsync(Request(new WriteOperation { DeleteRole = new() { RoleId = "none" } }))).Reason);
        var foreign = await _admin.RefusalAsync(Request(new WriteOperation { DeleteRole = new() { RealmId = "other", RoleId = "writer" } }));
        Assert.Equal(("CROSS_REALM_REFERENCE", "operations[0].delete_role.realm_id"), (foreign.Reason, Assert.Single(foreign.Fields)));
        Assert.Equal(("INVALID_ARGUMENT", "operations[0]"), Outcome(await _admin.RefusalAsync(Request(new WriteOperation()))));
        Assert.Equal(("INVALID_ARGUMENT", "operations"), Outcome(await _admin.RefusalAsync(Request())));
        var tooMany = Request([.. Enumerable.Repeat(new WriteOperation { DeleteRole = new() { RoleId = "writer" } }, 1_001)]);
        Assert.Equal(("INVALID_ARGUMENT", "operations"), Outcome(await _admin.RefusalAsync(tooMany)));
        Assert.Equal("REALM_NOT_FOUND", (await _admin.RefusalAsync(new PreviewWritesRequest { RealmId = "no-such", Operations = { new WriteOperation { DeleteRole = new() { RoleId = "r" } } } })).Reason);
        Assert.Equal(1, await _admin.RevisionAsync(_realmId));
    }

    [StorageFact]
    public async Task A_preview_requires_what_each_write_requires()
    {
        var role = new WriteOperation { CreateRole = new() { Role = new() { RoleId = "r" } } };
        var group = new WriteOperation { CreateGroup = new() { Group = new() { GroupId = "g" } } };
        var access = new AccessService.AccessServiceClient(_server.Channel);

        Assert.Single((await access.PreviewWritesAsync(Request(role), Roles())).Changes);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await access.PreviewWritesAsync(Request(role, group), Roles()));
        Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), (refused.StatusCode, RichStatus.ReasonOf(refused)));
        refused = await Assert.ThrowsAsync<RpcException>(async () => await access.ListEffectivePermissionsAsync(new() { RealmId = _realmId, UserId = "ada" }, Roles()));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        refused = await Assert.ThrowsAsync<RpcException>(async () => await access.ListPrincipalsWithPermissionAsync(new() { RealmId = _realmId, Permission = "a.read" }, Roles()));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    [StorageFact]
    public async Task Previews_among_writes_leave_no_gap_and_no_trace()
    {
        var writes = Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            (await _admin.CallAsync<CreateRoleResponse>(new CreateRoleRequest { RealmId = _realmId, Role = new() { RoleId = $"role-{i}" } })).Revision));
        var previews = Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            (await PreviewAsync(new WriteOperation { CreateRole = new() { Role = new() { RoleId = $"seen-{i}" } } })).Revision)).ToList();

        var revisions = await Task.WhenAll(writes);
        var seen = await Task.WhenAll(previews);

        Assert.Equal(Enumerable.Range(2, 16).Select(i => (long)i), revisions.Order());
        Assert.All(seen, revision => Assert.InRange(revision, 1, 17));
        var roles = (await _admin.CallAsync<ListRolesResponse>(new ListRolesRequest { RealmId = _realmId })).Roles;
        Assert.Equal((18, 0), (roles.Count, roles.Count(role => role.RoleId.StartsWith("seen", StringComparison.Ordinal))));
    }

    private static (string Reason, string Field) Outcome(Refusal refusal) => (refusal.Reason, Assert.Single(refusal.Fields));

    private static string Line(AccessChange change) =>
        $"{change.UserId}{change.ClientId} {(change.OrganizationId.Length > 0 ? change.OrganizationId : "(realm)")} {change.Permission} {change.Effect}";

    private PreviewWritesRequest Request(params WriteOperation[] operations) => new() { RealmId = _realmId, Operations = { operations } };

    private async Task<PreviewWritesResponse> PreviewAsync(params WriteOperation[] operations) =>
        await _admin.CallAsync<PreviewWritesResponse>(Request(operations));

    /// <summary>A service that may write roles and nothing else.</summary>
    private Metadata Roles()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signed = $"{Encode("""{"alg":"ES256","typ":"service+jwt"}""")}.{Encode($$"""{"iss":"roles","aud":"realm-admin","iat":{{now}},"exp":{{now + 30}}}""")}";
        var signature = Base64Url.EncodeToString(_rolesKey.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
        return new() { { "authorization", $"Bearer {signed}.{signature}" } };
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

public sealed class SqlitePreviewWritesTests(SqliteRealmAdminDatabase fixture) : PreviewWritesContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresPreviewWritesTests(PostgresRealmAdminDatabase fixture)
    : PreviewWritesContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
