using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

/// <summary>
/// What each small write asks for is found by index in a realm of any size. SQLite has no statistics and plans the same for a million rows as for none.
/// </summary>
public sealed class IndexTests(SqliteRealmAdminDatabase fixture) : IClassFixture<SqliteRealmAdminDatabase>
{
    [StorageTheory]
    [InlineData("client", "client_id")]
    [InlineData("resource_server", "audience")]
    [InlineData("permission", "permission")]
    [InlineData("permission", "audience", "permission")]
    [InlineData("scope", "scope")]
    [InlineData("role", "role_id")]
    [InlineData("iam_group", "group_id")]
    [InlineData("organization", "organization_id")]
    [InlineData("iam_user", "user_id")]
    [InlineData("role_binding", "role_binding_id")]
    [InlineData("delegation", "delegation_id")]
    public async Task An_id_is_found_without_case_by_its_index(string table, string wanted, string? id = null)
    {
        var select = $"select {wanted} from {table} where realm_id = @realmId and lower({id ?? wanted})";

        Assert.Equal(
            [$"{table}_by_folded_id (realm_id=? AND <expr>=?)", $"{table}_by_folded_id (realm_id=? AND <expr>=?)"],
            [await IndexAsync($"{select} = lower(@id)"), await IndexAsync($"{select} in (select value from json_each(@id))")]);
    }

    [StorageTheory]
    [InlineData("role_binding", "role_binding_id", "role_binding")]
    [InlineData("delegation", "delegation_id", "delegation")]
    [InlineData("iam_user", "user_id", "user")]
    public async Task What_changed_is_found_by_its_key(string table, string id, string kind)
    {
        var plan = await IndexAsync(
            $"""
            select {id}, realm_id from {table}
            where realm_id = @realmId and {id} in (
                select resource_id from change_log where realm_id = @realmId and revision > @id and resource_kind = '{kind}')
            order by {id}
            """);

        Assert.Equal($"sqlite_autoindex_{table}_1 (realm_id=? AND {id}=?)", plan);
    }

    /// <summary>The index of the plan's first step, with what is looked up in it.</summary>
    private async Task<string> IndexAsync(string sql)
    {
        await using var session = await fixture.Database.OpenAsync(default);
        var steps = await session.QueryAsync<PlanRow>($"explain query plan {sql}", new { realmId = "r", id = "[]" }, default);
        return steps[0].Detail[(steps[0].Detail.IndexOf("INDEX ", StringComparison.Ordinal) + "INDEX ".Length)..];
    }

    private sealed record PlanRow
    {
        public required string Detail { get; init; }
    }
}
