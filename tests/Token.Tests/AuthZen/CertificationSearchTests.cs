namespace Token.Tests.AuthZen;

/// <summary>AuthZEN's certification scenario, level Search, in the order of its sections; the requests are its own.</summary>
public sealed class CertificationSearchTests(AuthZenFixture fixture) : IClassFixture<AuthZenFixture>
{
    [Theory]
    [InlineData("""{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""")]
    [InlineData("""{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}, "context": {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}}""")]
    [InlineData("""{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""")]
    public async Task Subjects_are_found_whatever_the_searched_one_is_called(string request)
    {
        var answer = await fixture.PostAsync("search/subject", request);

        Assert.Equal(200, answer.Status);
        Assert.Equal(["alice", "bob"], answer.Found);
        Assert.All(answer.Json.GetProperty("results").EnumerateArray(), item => Assert.Equal("user", item.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("""{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record"}}""", new[] { "record-1", "record-2" })]
    [InlineData("""{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record"}, "context": {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}}""", new[] { "record-1", "record-2" })]
    [InlineData("""{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""", new[] { "record-1", "record-2" })]
    [InlineData("""{"subject": {"type": "user", "id": "bob", "properties": {"role": "admin"}}, "action": {"name": "write"}, "resource": {"type": "record"}}""", new[] { "record-2" })]
    [InlineData("""{"subject": {"type": "user", "id": "alice"}, "action": {"name": "write"}, "resource": {"type": "record"}}""", new[] { "record-1" })]
    public async Task Resources_are_found_by_what_the_realm_knows_of_them(string request, string[] found)
    {
        var answer = await fixture.PostAsync("search/resource", request);

        Assert.Equal(200, answer.Status);
        Assert.Equal(found, answer.Found);
        Assert.All(answer.Json.GetProperty("results").EnumerateArray(), item => Assert.Equal("record", item.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("""{"subject": {"type": "user", "id": "alice"}, "resource": {"type": "record", "id": "record-1"}}""", new[] { "delete.soft.true", "read", "write" })]
    [InlineData("""{"subject": {"type": "user", "id": "alice"}, "resource": {"type": "record", "id": "record-1"}, "context": {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}}""", new[] { "delete.soft.true", "read", "write" })]
    [InlineData("""{"subject": {"type": "user", "id": "bob", "properties": {"role": "admin"}}, "resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}}""", new[] { "read", "write", "write.status.archived" })]
    public async Task Actions_are_found_that_an_evaluation_allows(string request, string[] found)
    {
        var answer = await fixture.PostAsync("search/action", request);

        Assert.Equal(200, answer.Status);
        Assert.Equal(found, answer.Found);
    }

    [Fact]
    public async Task Subjects_of_what_is_archived_are_those_who_may_write_that()
    {
        var answer = await fixture.PostAsync(
            "search/subject",
            """{"subject": {"type": "user"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}}""");

        Assert.Equal(["bob"], answer.Found);
    }

    [Fact]
    public async Task Pages_go_on_where_the_one_before_ended_and_end_with_an_empty_token()
    {
        const string search = """{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}, "page": """;
        var first = await fixture.PostAsync("search/subject", search + """{"limit": 1}}""");
        var second = await fixture.PostAsync("search/subject", search + $$$"""{"token": "{{{first.NextToken}}}"}}""");
        var third = await fixture.PostAsync("search/subject", search + $$$"""{"token": "{{{second.NextToken}}}"}}""");

        Assert.Equal("page", first.Json.EnumerateObject().First().Name);
        Assert.Equal((1, 1, 0), (first.Found.Count, second.Found.Count, third.Found.Count));
        Assert.Equal(["alice", "bob"], first.Found.Concat(second.Found));
        Assert.Equal("", third.NextToken);
        Assert.Equal(0, third.Json.GetProperty("page").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_page_of_none_goes_on_where_it_began_and_one_of_very_many_has_as_many_as_there_may_be()
    {
        const string search = """{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}, "page": """;
        var none = await fixture.PostAsync("search/subject", search + """{"limit": 0}}""");
        var rest = await fixture.PostAsync("search/subject", search + $$$"""{"limit": 9999999999, "token": "{{{none.NextToken}}}"}}""");

        Assert.Empty(none.Found);
        Assert.Equal(["alice", "bob"], rest.Found);
    }

    [Theory]
    [InlineData("search/action", """{"subject": {"type": "user", "id": "nonexistent-user"}, "resource": {"type": "record", "id": "record-1"}}""")]
    [InlineData("search/action", """{"subject": {"type": "spaceship", "id": "alice"}, "resource": {"type": "record", "id": "record-1"}}""")]
    [InlineData("search/action", """{"subject": {"type": "user", "id": "alice"}, "resource": {"type": "spaceship", "id": "record-1"}}""")]
    [InlineData("search/resource", """{"subject": {"type": "user", "id": "nonexistent-user"}, "action": {"name": "read"}, "resource": {"type": "record"}}""")]
    [InlineData("search/resource", """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "spaceship"}}""")]
    [InlineData("search/subject", """{"subject": {"type": "spaceship"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""")]
    [InlineData("search/subject", """{"subject": {"type": "user"}, "action": {"name": "fly"}, "resource": {"type": "record", "id": "record-1"}}""")]
    public async Task What_nobody_knows_is_found_nowhere(string path, string request)
    {
        var answer = await fixture.PostAsync(path, request);

        Assert.Equal((200, "[]"), (answer.Status, answer.Json.GetProperty("results").GetRawText()));
    }

    [Theory]
    [InlineData("search/subject", """{"subject": {"type": "user"}, "resource": {"type": "record", "id": "record-1"}}""")]
    [InlineData("search/subject", """{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record"}}""")]
    [InlineData("search/resource", """{"action": {"name": "read"}, "resource": {"type": "record"}}""")]
    [InlineData("search/resource", """{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record"}}""")]
    [InlineData("search/action", """{"subject": {"type": "user", "id": "alice"}}""")]
    [InlineData("search/action", """{"subject": {"type": "user"}, "resource": {"type": "record", "id": "record-1"}}""")]
    [InlineData("search/action", """{"subject": {"type": "user", "id": "alice"}, "resource": {"type": "record"}}""")]
    public async Task A_search_that_lacks_what_it_goes_by_is_a_bad_request(string path, string request) =>
        Assert.Equal(400, (await fixture.PostAsync(path, request)).Status);
}
