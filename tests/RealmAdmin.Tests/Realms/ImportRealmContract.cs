using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;
using RealmAdmin.Tests.Documents;
using RealmAdmin.Tests.Storage;
using Testing;
using Testing.Databases;

namespace RealmAdmin.Tests.Realms;

public abstract class ImportRealmContract
{
    private static readonly Caller Operator = new() { Kind = CallerKind.Operator, Id = "operator" };

    private readonly string _realmId = Samples.NewRealmId();
    private readonly FakeClock _clock = new();
    private readonly TestDatabase _fixture;
    private readonly RealmTables _tables = new(new RealmStore());
    private readonly ImportRealm _import;

    private static UpstreamSecrets Secrets { get; } = new(new SecretSealing(new SecretsSettings()));
    private readonly ExportRealm _export;

    protected ImportRealmContract(TestDatabase fixture)
    {
        _fixture = fixture;
        _import = new ImportRealm(
            fixture.Database, _tables, new RealmWrites(fixture.Database, new RealmStore(), _tables, new(), _clock), new ErasureStore(), new HoldingsReader(_tables, new RealmStore(), new RoleBindingStore(), new PlatformRealm(PlatformRealm.UsualId), _clock), Secrets);
        _export = new ExportRealm(fixture.Database, _tables);
    }

    [StorageFact]
    public async Task The_demo_realm_is_made_at_revision_1_and_a_second_import_changes_nothing()
    {
        var document = DemoRealm.Document.Replace("realm_id: demo ", $"realm_id: {_realmId} ", StringComparison.Ordinal);

        var first = await ImportAsync(document);
        var second = await ImportAsync(document);

        Assert.Equal((1, 24), (first.Revision, first.Changes.Count));
        Assert.All(first.Changes, change => Assert.Equal(ChangeKind.Create, change.Kind));
        Assert.Equal((1, 0), (second.Revision, second.Changes.Count));
    }

    [StorageFact]
    public async Task Importing_an_export_changes_nothing_and_exports_the_same()
    {
        await ImportAsync(DemoRealm.Document.Replace("realm_id: demo ", $"realm_id: {_realmId} ", StringComparison.Ordinal));
        var (document, revision) = await _export.ExecuteAsync(_realmId, default);

        var import = await ImportAsync(document);

        Assert.Equal(1, revision);
        Assert.Empty(import.Changes);
        Assert.Equal((document, 1), await _export.ExecuteAsync(_realmId, default));
        Assert.DoesNotContain("secret-0123456789", document, StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task A_dry_run_shows_the_difference_and_writes_nothing()
    {
        var created = await ImportAsync(Roles("a", "b"), dryRun: true);
        Assert.Equal((0, 3), (created.Revision, created.Changes.Count));
        Assert.Null(await ReadAsync());

        await ImportAsync(Roles("a", "b"));
        var changed = await ImportAsync(Roles("b", "c"), dryRun: true);

        Assert.Equal(1, changed.Revision);
        Assert.Equal(
            [(ChangeKind.Delete, "a"), (ChangeKind.Create, "c")],
            changed.Changes.Select(change => (change.Kind, change.Resource.Id)));
        Assert.Equal(["a", "b"], (await ReadAsync())!.OfType<Role>().Select(role => role.RoleId));
    }

    [StorageFact]
    public async Task The_difference_is_in_the_order_in_which_it_is_applied()
    {
        await ImportAsync($"""
            realm_id: {_realmId}
            roles: [{"{role_id: old}"}]
            users: [{"{user_id: gone}"}]
            role_bindings: [{"{user_id: gone, role_id: old, role_binding_id: x}"}]
            """);

        var result = await ImportAsync($"""
            realm_id: {_realmId}
            display_name: New
            organizations: [{"{organization_id: o}"}]
            roles: [{"{role_id: new}"}]
            users: [{"{user_id: u, organization_ids: [o]}"}]
            role_bindings: [{"{user_id: u, role_id: new, role_binding_id: y}"}]
            """);

        Assert.Equal(
            [
                "Delete role_binding x", "Delete user gone", "Delete role old", $"Update realm {_realmId}", "Create organization o",
                "Create role new", "Create user u", "Create role_binding y",
            ],
            result.Changes.Select(change => $"{change.Kind} {change.Resource.Kind.ToName()} {change.Resource.Id}"));
        Assert.Equal(2, result.Revision);
    }

    [StorageFact]
    public async Task A_wrong_document_writes_nothing_even_of_what_is_right()
    {
        await ImportAsync(Roles("a"));

        await Assert.ThrowsAsync<IamException>(() => ImportAsync(Roles("b") + "users: [{}]"));

        Assert.Equal(["a"], (await ReadAsync())!.OfType<Role>().Select(role => role.RoleId));
        Assert.Equal(1, (await ReadAsync())!.OfType<Realm>().Single().Revision);
    }

    [StorageFact]
    public async Task A_client_without_the_key_secrets_keeps_those_it_has_and_with_an_empty_list_loses_them()
    {
        const string Secret = "secrets: [{secret_id: s, secret: 0123456789abcdef0123456789abcdef}]";
        await ImportAsync(Client($"client_type: web, {Secret}"));
        var secret = await SecretAsync();
        Assert.Equal(_clock.GetUtcNow(), secret!.CreatedAt);
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty((await ImportAsync(Client($"client_type: web, {Secret}"))).Changes);
        Assert.Single((await ImportAsync(Client("client_type: web, display_name: C"))).Changes);
        Assert.Equal(secret, await SecretAsync());

        await ImportAsync(Client("client_type: web, secrets: []"));
        Assert.Null(await SecretAsync());
    }

    [StorageFact]
    public async Task A_client_that_becomes_public_loses_its_secrets()
    {
        await ImportAsync(Client("client_type: web, secrets: [{secret_id: s, secret: 0123456789abcdef0123456789abcdef}]"));

        await ImportAsync(Client("client_type: public"));

        Assert.Null(await SecretAsync());
    }

    [StorageFact]
    public async Task A_new_secret_is_named_in_the_difference_and_not_shown()
    {
        await ImportAsync(Client("client_type: web, secrets: [{secret_id: s, secret: 0123456789abcdef0123456789abcdef}]"));
        var before = await SecretAsync();

        var result = await ImportAsync(Client("client_type: web, secrets: [{secret_id: s, secret: abcdef0123456789abcdef0123456789}]"));

        var field = Assert.Single(ResourceJson.Differences(result.Changes[0].Before!, result.Changes[0].After!));
        Assert.Equal("secrets", field.Field);
        Assert.Equal("[{\"secret_id\":\"s\",\"created_at\":\"2026-01-01T12:00:00+00:00\"}]", field.After);
        Assert.Equal(field.Before, field.After);
        Assert.NotEqual(before!.Sha256, (await SecretAsync())!.Sha256);
    }

    [StorageFact]
    public async Task Permissions_and_identities_may_change_places()
    {
        await ImportAsync(Places("a.read", "b.read", "one", "two"));

        var result = await ImportAsync(Places("b.read", "a.read", "two", "one"));

        Assert.Equal(4, result.Changes.Count);
        var resources = (await ReadAsync())!;
        Assert.Equal(["b.read", "a.read"], resources.OfType<ResourceServer>().Select(server => server.Permissions.Single().Name));
        Assert.Equal(["two", "one"], resources.OfType<User>().Select(user => user.ExternalIdentities.Single().Subject));
    }

    [StorageFact]
    public async Task Only_an_operator_makes_realms()
    {
        foreach (var kind in new[] { CallerKind.Token, CallerKind.Service })
        {
            foreach (var dryRun in new[] { true, false })
            {
                var exception = await Assert.ThrowsAsync<IamException>(() =>
                    ImportAsync(Roles("a"), dryRun, new Caller { Kind = kind, Id = "x", RealmId = _realmId }));
                Assert.Equal(ErrorReason.PermissionDenied, exception.Reason);
                Assert.Equal(_realmId, exception.Metadata["realm_id"]);
            }
        }

        Assert.Null(await ReadAsync());
    }

    [StorageFact]
    public async Task A_caller_of_one_realm_cannot_reach_another_through_the_document()
    {
        await ImportAsync(Roles("a"));

        var exception = await Assert.ThrowsAsync<IamException>(() =>
            _import.ExecuteAsync(new Caller { Kind = CallerKind.Token, Id = "x", RealmId = "mine" }, "mine", Roles("b"), planEtag: "", default));

        Assert.Equal(ErrorReason.InvalidRealmDocument, exception.Reason);
        Assert.Equal(["a"], (await ReadAsync())!.OfType<Role>().Select(role => role.RoleId));
    }

    [StorageFact]
    public async Task Concurrent_imports_of_different_documents_end_in_one_of_them()
    {
        await ImportAsync(Roles("start"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => ImportAsync(Roles($"a{i}", $"b{i}")))));

        var roles = (await ReadAsync())!.OfType<Role>().Select(role => role.RoleId).ToList();
        Assert.Equal([$"a{roles[0][1]}", $"b{roles[0][1]}"], roles);
        Assert.Equal(9, (await ReadAsync())!.OfType<Realm>().Single().Revision);
    }

    private Task<ImportResult> ImportAsync(string document, bool dryRun = false, Caller? caller = null) => dryRun
        ? _import.CompareAsync(caller ?? Operator, _realmId, document, planEtag: "", default)
        : _import.ExecuteAsync(caller ?? Operator, _realmId, document, planEtag: "", default);

    private async Task<IReadOnlyList<IRealmResource>?> ReadAsync()
    {
        await using var session = await _fixture.Database.BeginReadAsync(default);
        return await _tables.ReadAsync(session, _realmId, default);
    }

    private async Task<ClientSecret?> SecretAsync() => (await ReadAsync())!.OfType<Client>().Single().Secrets.SingleOrDefault();

    private string Roles(params string[] roles) =>
        $"realm_id: {_realmId}\nroles:\n{string.Concat(roles.Select(role => $"  - role_id: {role}\n"))}";

    private string Client(string client) => $"realm_id: {_realmId}\nclients: [{{client_id: c, {client}}}]";

    private string Places(string firstPermission, string secondPermission, string firstSubject, string secondSubject) => $$"""
        realm_id: {{_realmId}}
        resource_servers:
          - {audience: "urn:a", permissions: [{permission: {{firstPermission}}}]}
          - {audience: "urn:b", permissions: [{permission: {{secondPermission}}}]}
        users:
          - {user_id: a, external_identities: [{issuer: "https://i.example", subject: {{firstSubject}}}]}
          - {user_id: b, external_identities: [{issuer: "https://i.example", subject: {{secondSubject}}}]}
        """;
}

public sealed class SqliteImportRealmTests(SqliteRealmAdminDatabase fixture) : ImportRealmContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresImportRealmTests(PostgresRealmAdminDatabase fixture)
    : ImportRealmContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
