using Pltfrms.Iam.Common.Storage;
using Testing;
using Testing.Databases;

namespace Suite.Tests;

/// <summary>A realm that is deleted and made again under the same id is another realm.</summary>
public sealed class DeletedRealmTests
{
    /// <summary>What has rows of a realm that was used as <see cref="DoomedRealm"/> is.</summary>
    private static readonly string[] Used =
    [
        "access_grant", "authorization_code", "authorization_request", "change_log", "client", "consent", "consent_challenge", "consent_receipt",
        "consent_receipt_head", "device_authorization", "iam_user", "login_session", "realm_key", "realm_key_event", "realm_key_head", "refresh_token", "revocation", "revocation_head",
        "role_binding",
    ];

    [Fact]
    public async Task Nothing_that_a_deleted_realm_gave_out_is_good_in_the_next_one_of_its_id()
    {
        using var folder = new TemporaryFolder();
        await using var suite = await SuiteProcess.StartAsync(folder.File("data"));
        var origin = new Uri($"http://127.0.0.1:{suite.Ports.TokenHttp}");
        using var realm = new DoomedRealm(origin, suite.RealmAdmin, [suite.Token], suite.Consent, suite.Operator);
        await realm.ImportAsync();
        await realm.UseAsync();
        Assert.Equal(3, suite.DatabaseFiles.Count);
        Assert.Superset(Used.ToHashSet(), (await RowsAsync(suite.DatabaseFiles)).ToHashSet());

        await realm.DeleteAsync();
        await realm.WaitUntilFreeAsync();

        Assert.Empty(await RowsAsync(suite.DatabaseFiles));
        await realm.ImportAsync();
        await realm.AttackAsync();
    }

    /// <summary>The tables that have rows of the realm.</summary>
    private static async Task<IReadOnlyList<string>> RowsAsync(IEnumerable<string> files)
    {
        List<string> tables = [];
        foreach (var file in files)
        {
            await using var database = new SqliteDatabase(file);
            tables.AddRange(await TablesAsync(database));
        }

        return tables;
    }

    private static async Task<IEnumerable<string>> TablesAsync(IDatabase database)
    {
        await using var session = await database.OpenAsync(CancellationToken.None);
        return (await RealmData.CountAsync(session, DoomedRealm.Id)).Where(rows => rows.Value > 0).Select(rows => rows.Key);
    }

    /// <summary>The same on PostgreSQL, with two replicas of each service that keep realms in memory.</summary>
    [NeedsPostgres]
    public sealed class WithReplicas : IAsyncLifetime
    {
        private Replicas _replicas = null!;
        private DoomedRealm _realm = null!;

        public async Task InitializeAsync()
        {
            if (PostgresInstallation.SkipReason is null)
            {
                _replicas = await Replicas.StartAsync();
                _realm = new DoomedRealm(new Uri(_replicas.Issuing), _replicas.Admin, _replicas.Tokens, _replicas.Consents[0], Replicas.Operator);
                await _realm.ImportAsync();
                await _realm.UseAsync();
                Assert.Superset(Used.ToHashSet(), (await RowsAsync()).ToHashSet());
            }
        }

        public async Task DisposeAsync()
        {
            if (PostgresInstallation.SkipReason is null)
            {
                _realm.Dispose();
                await _replicas.DisposeAsync();
            }
        }

        [StorageFact]
        public async Task Every_replica_forgets_what_it_had_in_memory()
        {
            await _realm.DeleteAsync();
            await _realm.WaitUntilFreeAsync();

            Assert.Empty(await RowsAsync());
            await _realm.ImportAsync();
            await _realm.AttackAsync();
        }

        [StorageTheory]
        [InlineData("token")]
        [InlineData("consent")]
        public async Task A_service_that_is_down_while_a_realm_is_erased_erases_it_when_it_is_back(string service)
        {
            await (service == "token" ? _replicas.StopTokensAsync() : _replicas.StopConsentsAsync());
            await _realm.DeleteAsync();
            // Well over the time in which it would be done if the service were there.
            await Task.Delay(TimeSpan.FromSeconds(8));
            Assert.Equal("REALM_BEING_ERASED", await _realm.HeldBackAsync());
            Assert.Contains(service == "token" ? "realm_key" : "consent", await RowsAsync());

            await (service == "token" ? _replicas.StartTokensAsync() : _replicas.StartConsentsAsync());
            await _realm.WaitUntilFreeAsync();

            Assert.Empty(await RowsAsync());
            await _realm.ImportAsync();
            await _realm.AttackAsync();
        }

        private async Task<IReadOnlyList<string>> RowsAsync()
        {
            List<string> tables = [];
            foreach (var database in _replicas.Databases)
            {
                tables.AddRange(await TablesAsync(database.Database));
            }

            return tables;
        }
    }
}
