using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Scopes;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class ScopeStoreContract(TestDatabase fixture) : ResourceStoreContract<Scope>(fixture, new ScopeStore())
{
    protected override Scope Sample(string realmId, string id) => Samples.Scope(realmId, id);

    protected override Scope Changed(Scope sample) => new() { RealmId = sample.RealmId, Name = sample.Name };
}

public sealed class SqliteScopeStoreTests(SqliteRealmAdminDatabase fixture) : ScopeStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresScopeStoreTests(PostgresRealmAdminDatabase fixture) : ScopeStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
