using Token.Tests.Hosting;

namespace Token.Tests.Assertions;

/// <summary>A key that is revoked in a trusted realm. It has a database to itself: the realm has no key then for a while.</summary>
public sealed class TrustedRealmKeyTests(SqliteTokenDatabase database) : IClassFixture<SqliteTokenDatabase>
{
    [Fact]
    public async Task A_key_that_is_revoked_there_ends_what_came_of_its_tokens_here()
    {
        await using var bench = await AssertionBench.StartAsync(database);
        var ours = await bench.IssueAsync(await bench.TheirTokenAsync());
        var keys = (await bench.Flow.One.Keys.ListKeysAsync(new() { RealmId = "other" }, TokenReplica.Operator)).Keys.Select(key => key.KeyId);
        var ids = (await bench.IntrospectAsync(ours)).GetProperty("assertion").GetProperty("token").GetProperty("ids");

        var keyId = Assert.Single(keys.Intersect(ids.EnumerateArray().Select(id => id.GetString()!)));
        await bench.Flow.Two.Keys.RevokeKeyAsync(new() { RealmId = "other", KeyId = keyId }, TokenReplica.Operator);

        Assert.False(await bench.IsActiveAsync(ours));
    }
}
