using Pltfrms.Iam.Common.Realms.Model;

namespace Token.Tests.AuthZen;

/// <summary>What properties of resources and actions change, by whose word.</summary>
public sealed class PropertyTests(AuthZenFixture fixture) : IClassFixture<AuthZenFixture>
{
    [Fact]
    public async Task What_the_realm_knows_of_a_resource_counts_whatever_the_caller_says()
    {
        const string archived = """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-2", "properties": {"status": "active"}}}""";
        const string unknown = """{"subject": {"type": "user", "id": "bob"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-9", "properties": {"status": "archived"}}}""";

        Assert.False(await fixture.DecideAsync(archived));
        Assert.True(await fixture.DecideAsync(unknown));
        Assert.False(await fixture.DecideAsync(unknown.Replace("record-9", "record-1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("alice", """{"name": "write"}""", """ "record-1" """, true)]
    [InlineData("alice", """{"name": "write"}""", """ "record-1", "properties": {"status": "archived"}""", false)]
    [InlineData("alice", """{"name": "write", "properties": {"status": "archived"}}""", """ "record-1" """, false)]
    [InlineData("alice", """{"name": "write.status.archived"}""", """ "record-1" """, false)]
    [InlineData("bob", """{"name": "write"}""", """ "record-1" """, false)]
    [InlineData("bob", """{"name": "write"}""", """ "record-1", "properties": {"status": "archived"}""", false)]
    [InlineData("bob", """{"name": "write", "properties": {"status": "archived"}}""", """ "record-1" """, false)]
    [InlineData("bob", """{"name": "write.status.archived"}""", """ "record-1" """, false)]
    [InlineData("bob", """{"name": "write.status.archived"}""", """ "record-2" """, true)]
    [InlineData("bob", """{"name": "write.status.archived"}""", """ "record-9" """, true)]
    [InlineData("bob", """{"name": "write"}""", """ "record-2", "properties": {"status": "active"}""", false)]
    public async Task Who_says_otherwise_than_the_realm_knows_needs_what_either_would(string user, string action, string resource, bool decision)
    {
        var request = $$$"""{"subject": {"type": "user", "id": "{{{user}}}"}, "action": {{{action}}}, "resource": {"type": "record", "id": {{{resource}}} }}""";

        Assert.Equal(decision, await fixture.DecideAsync(request));
    }

    [Fact]
    public async Task Actions_that_say_otherwise_than_the_realm_knows_are_not_found()
    {
        const string request = """{"subject": {"type": "user", "id": "bob"}, "resource": {"type": "record", "id": "record-1"}, "action": "no member of this request"}""";

        Assert.Equal(["read"], (await fixture.PostAsync("search/action", request)).Found);
    }

    [Fact]
    public async Task Of_several_properties_that_have_a_permission_each_is_asked_for()
    {
        fixture.Realms.Set("strict", CertificationRealm.As("strict"));
        var server = CertificationRealm.Resources.OfType<ResourceServer>().Single();
        fixture.Realms.Change("strict", server with { RealmId = "strict", Permissions = [.. server.Permissions, new() { Name = "record.write.secret.true" }] });
        const string request = """{"subject": {"type": "user", "id": "bob"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "r", "properties": {"status": "archived", "secret": true}}}""";

        Assert.True(await fixture.DecideAsync(request));
        var answer = await fixture.PostToAsync("strict", "evaluation", request);

        Assert.Equal(AuthZenAnswer.Denied("PERMISSION_NOT_ASSIGNED"), answer.Json.GetRawText());
    }
}
