using System.Text;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.AuthZen;

/// <summary>What the Authorization API makes of this suite's own things: tokens, organizations, conditions, properties, limits, outages.</summary>
public sealed class EvaluationTests(AuthZenFixture fixture) : IClassFixture<AuthZenFixture>
{
    public static TheoryData<string, string, string?> Mappings => new()
    {
        { "a type that is declared, by its action", Request("carol", "unlock", "https://vaults.example/vault", """{"source_address": "10.1.2.3"}"""), null },
        { "a condition whose fact is missing", Request("carol", "unlock", "https://vaults.example/vault"), "CONDITION_NOT_MET" },
        { "a condition that is not met", Request("carol", "unlock", "https://vaults.example/vault", """{"source_address": "192.0.2.1"}"""), "CONDITION_NOT_MET" },
        { "an IPv4 address in IPv6", Request("carol", "unlock", "https://vaults.example/vault", """{"source_address": "::ffff:10.1.2.3"}"""), null },
        { "a permission for an action", Request("alice", "record.read", "anything"), null },
        { "an action that nobody declares", Request("alice", "fly", "record"), "UNKNOWN_PERMISSION" },
        { "an action of another type", Request("alice", "read", "vaults"), "UNKNOWN_PERMISSION" },
        { "an organization", Request("carol", "read", "record", """{"organization_id": "north"}"""), null },
        { "one below it", Request("carol", "read", "record", """{"organization_id": "north-west"}"""), null },
        { "the realm itself", Request("carol", "read", "record"), "PERMISSION_NOT_ASSIGNED" },
        { "an organization that there is not", Request("alice", "read", "record", """{"organization_id": "south"}"""), "UNKNOWN_ORGANIZATION" },
        { "another resource server", Request("alice", "read", "record", """{"audience": "https://other.example"}"""), "UNKNOWN_PERMISSION" },
        { "a user that there is not", Request("erin", "read", "record"), "UNKNOWN_PRINCIPAL" },
        { "a user that is disabled", Request("dave", "read", "record"), "UNKNOWN_PRINCIPAL" },
        { "nobody's type", Request("alice", "read", "record").Replace("\"user\"", "\"robot\"", StringComparison.Ordinal), "UNKNOWN_PRINCIPAL" },
        { "a client", Request("batch", "read", "record").Replace("\"user\"", "\"client\"", StringComparison.Ordinal), null },
        { "a user of a client's name", Request("batch", "read", "record"), "UNKNOWN_PRINCIPAL" },
    };

    [Theory]
    [MemberData(nameof(Mappings))]
    public async Task Entities_stand_for_a_check(string what, string request, string? reason)
    {
        var answer = await fixture.PostAsync("evaluation", request);

        var expected = reason is null ? """{"decision":true}""" : AuthZenAnswer.Denied(reason);
        Assert.Equal((what, 200, expected), (what, answer.Status, answer.Json.GetRawText()));
    }

    [Fact]
    public async Task A_token_limits_the_decision_and_is_of_the_subject_only()
    {
        var token = await fixture.Service.IssueAsync(CertificationRealm.Id, "batch", CertificationRealm.BatchSecret);

        Assert.Null(await ReasonAsync("client", "batch", "read", token));
        Assert.Equal("SCOPE_NOT_GRANTED", await ReasonAsync("client", "batch", "write", token));
        Assert.Equal("TOKEN_INACTIVE", await ReasonAsync("client", "pep", "read", token));
        Assert.Equal("TOKEN_INACTIVE", await ReasonAsync("user", "alice", "read", token));
        Assert.Equal("TOKEN_INACTIVE", await ReasonAsync("client", "batch", "read", "garbage"));
    }

    [Fact]
    public async Task A_tokens_authorization_details_allow_one_resource_and_are_found_by_a_search()
    {
        var token = await fixture.Service.IssueAsync(
            CertificationRealm.Id, "batch", CertificationRealm.BatchSecret,
            ("scope", "record.read"), ("authorization_details", """[{"type": "record", "identifier": "record-7", "actions": ["write"]}]"""));

        Assert.Null(await ReasonAsync("client", "batch", "write", token, "record-7"));
        Assert.Equal("RESOURCE_NOT_GRANTED", await ReasonAsync("client", "batch", "write", token, "record-8"));
        var search = $$$"""{"subject": {"type": "client", "id": "batch", "properties": {"access_token": "{{{token}}}"}}, "action": {"name": "write"}, "resource": {"type": "record"}}""";
        Assert.Equal(["record-7"], (await fixture.PostAsync("search/resource", search)).Found);
    }

    [Theory]
    [InlineData("execute_all", new[] { true, false, true })]
    [InlineData("deny_on_first_deny", new[] { true, false })]
    [InlineData("permit_on_first_permit", new[] { true })]
    public async Task A_batch_ends_where_its_semantic_says(string semantic, bool[] decisions)
    {
        var answer = await fixture.PostAsync("evaluations", Batch(semantic, "read", "fly", "write"));

        Assert.Equal(decisions, answer.Decisions);
    }

    [Fact]
    public async Task What_cannot_be_evaluated_is_a_denial_to_every_semantic()
    {
        const string rest = """ "subject": {"type": "user", "id": "alice"}, "resource": {"type": "record", "id": "record-1"}, "evaluations": [{}, {"action": {"name": "read"}}, {"action": {"name": "write"}}]}""";

        Assert.Equal([false], (await fixture.PostAsync("evaluations", """{"options": {"evaluations_semantic": "deny_on_first_deny"}, """ + rest)).Decisions);
        Assert.Equal([false, true], (await fixture.PostAsync("evaluations", """{"options": {"evaluations_semantic": "permit_on_first_permit"}, """ + rest)).Decisions);
    }

    [Theory]
    [InlineData("""{"evaluations": {}}""")]
    [InlineData("""{"evaluations": [7]}""")]
    [InlineData("""{"evaluations": [{}], "options": {"evaluations_semantic": "first"}}""")]
    [InlineData("""{"evaluations": [{}], "options": []}""")]
    [InlineData("""{"evaluations": [{}], "subject": "alice"}""")]
    [InlineData("""{"evaluations": [{}], "subject": {"type": "user"}}""")]
    [InlineData("""{"evaluations": [{}], "action": {}}""")]
    [InlineData("""{"evaluations": [{}], "resource": {"id": "r"}}""")]
    [InlineData("""{"evaluations": [{}], "context": {"source_address": "10.0.0.x"}}""")]
    [InlineData("""{"evaluations": [{}], "context": {"source_address": "nowhere"}}""")]
    [InlineData("""{"evaluations": [{"subject": {"type": "user", "id": "a", "id": "b"}}]}""")]
    public async Task A_batch_that_is_wrong_as_a_whole_is_a_bad_request(string request) =>
        Assert.Equal(400, (await fixture.PostAsync("evaluations", request)).Status);

    [Fact]
    public async Task A_batch_and_a_body_are_limited()
    {
        var most = Batch("execute_all", [.. Enumerable.Repeat("read", 1000)]);
        var more = Batch("execute_all", [.. Enumerable.Repeat("read", 1001)]);
        var large = $$"""{"padding": "{{new string('x', 512 * 1024)}}"}""";
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 40)) + "1" + new string('}', 40);

        Assert.Equal(1000, (await fixture.PostAsync("evaluations", most)).Decisions.Count);
        Assert.Equal(400, (await fixture.PostAsync("evaluations", more)).Status);
        Assert.Equal(413, (await fixture.PostAsync("evaluation", large)).Status);
        Assert.Equal(400, (await fixture.PostAsync("evaluation", deep)).Status);
        Assert.Equal(400, (await fixture.PostAsync("evaluation", """{"subject": {"type": "user", "id": "\ud800"}}""")).Status);
    }

    [Fact]
    public async Task Who_may_not_check_gets_no_decision_and_who_may_only_check_no_list_of_users()
    {
        var stranger = TokenReplica.Basic("stranger", CertificationRealm.StrangerSecret);
        var limited = TokenReplica.Basic("limited", CertificationRealm.LimitedSecret);
        var request = Request("alice", "read", "record");

        foreach (var path in new[] { "evaluation", "evaluations", "search/subject", "search/resource", "search/action" })
        {
            var answer = await fixture.PostAsync(path, request, stranger);
            Assert.Equal((path, 403, "insufficient_scope"), (path, answer.Status, answer.Json.GetProperty("error").GetString()));
        }

        Assert.Equal(200, (await fixture.PostAsync("evaluation", request, limited)).Status);
        Assert.Equal(403, (await fixture.PostAsync("search/subject", request, limited)).Status);
    }

    [Fact]
    public async Task An_access_token_with_the_permission_is_enough_to_ask_and_one_of_another_realm_is_not()
    {
        var token = await fixture.Service.IssueAsync(CertificationRealm.Id, "pep", CertificationRealm.PepSecret, ("scope", IamPermissions.PermissionsCheck));
        var foreign = await fixture.Service.IssueAsync(TestRealm.Id, "demo-api", TestRealm.ApiSecret);
        var request = Request("alice", "read", "record");

        Assert.Equal(200, (await fixture.PostAsync("evaluation", request, new("Bearer", token))).Status);
        Assert.Equal(403, (await fixture.PostAsync("search/subject", request, new("Bearer", token))).Status);
        Assert.Equal(401, (await fixture.PostAsync("evaluation", request, new("Bearer", foreign))).Status);
    }

    [Fact]
    public async Task A_page_token_is_of_one_search_only()
    {
        const string rest = """ "action": {"name": "read"}, "resource": {"id": "record-1", "type": "record"}, "page": """;
        var first = await fixture.PostAsync("search/subject", """{"subject": {"type": "user"}, """ + rest + """{"limit": 1}}""");
        var token = $$$"""{"token": "{{{first.NextToken}}}"}}""";

        Assert.Equal(200, (await fixture.PostAsync("search/subject", """{"subject": {"id": "whoever", "type": "user"}, """ + rest + token)).Status);
        foreach (var other in new[]
        {
            """{"subject": {"type": "client"}, """ + rest + token,
            """{"subject": {"type": "user"}, """ + rest.Replace("record-1", "record-2", StringComparison.Ordinal) + token,
            """{"subject": {"type": "user"}, "context": {"organization_id": "north"}, """ + rest + token,
            """{"subject": {"type": "user"}, """ + rest + """{"token": "AAAA"}}""",
            """{"subject": {"type": "user"}, """ + rest + """{"token": "no base64 ="}}""",
            """{"subject": {"type": "user"}, """ + rest + """{"limit": -1}}""",
            """{"subject": {"type": "user"}, """ + rest + """{"limit": "1"}}""",
        })
        {
            Assert.Equal((400, other), ((await fixture.PostAsync("search/subject", other)).Status, other));
        }
    }

    [Fact]
    public async Task A_page_looks_at_so_many_only_and_the_next_goes_on()
    {
        fixture.Realms.Set("crowded", CertificationRealm.As("crowded"));
        fixture.Realms.Change("crowded", [.. Enumerable.Range(0, 1500).Select(i => new User { RealmId = "crowded", UserId = $"aa{i:0000}" })]);
        const string search = """{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}, "page": """;

        var first = await fixture.PostToAsync("crowded", "search/subject", search + """{"limit": 10}}""");
        var second = await fixture.PostToAsync("crowded", "search/subject", search + $$$"""{"token": "{{{first.NextToken}}}"}}""");

        Assert.Empty(first.Found);
        Assert.Equal(["alice", "bob"], second.Found);
        Assert.Equal("", second.NextToken);
    }

    [Fact]
    public async Task A_realm_with_a_host_of_its_own_is_found_and_asked_there_by_that_name()
    {
        fixture.Realms.Set("hosted", CertificationRealm.As("hosted"));
        fixture.Realms.Change("hosted", fixture.Realms.Resources("hosted").OfType<Realm>().Single() with { HostName = "pdp.example" });
        using var discovery = new HttpRequestMessage(HttpMethod.Get, "/.well-known/authzen-configuration") { Headers = { Host = "pdp.example" } };
        using var found = await fixture.Service.Http.SendAsync(discovery);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/access/v1/evaluation")
        {
            Content = new StringContent(Request("alice", "read", "record"), Encoding.UTF8, "application/json"),
            Headers = { Authorization = AuthZenFixture.Pep, Host = "pdp.example" },
        };
        using var response = await fixture.Service.Http.SendAsync(request);

        var metadata = await TokenReplica.JsonAsync(found);
        Assert.Equal("https://pdp.example", metadata.GetProperty("policy_decision_point").GetString());
        Assert.Equal("https://pdp.example/access/v1/evaluation", metadata.GetProperty("access_evaluation_endpoint").GetString());
        Assert.Equal("""{"decision":true}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_outage_is_no_decision()
    {
        fixture.Realms.Set("lost", CertificationRealm.As("lost"));
        fixture.Realms.IsDown = true;
        try
        {
            var answer = await fixture.PostToAsync("lost", "evaluation", Request("alice", "read", "record"));

            Assert.Equal((503, "temporarily_unavailable"), (answer.Status, answer.Json.GetProperty("error").GetString()));
            Assert.False(answer.Json.TryGetProperty("decision", out _));
        }
        finally
        {
            fixture.Realms.IsDown = false;
        }
    }

    private static string Request(string user, string action, string resourceType, string context = "{}") =>
        $$$"""{"subject": {"type": "user", "id": "{{{user}}}"}, "action": {"name": "{{{action}}}"}, "resource": {"type": "{{{resourceType}}}", "id": "r"}, "context": {{{context}}}}""";

    private static string Batch(string semantic, params string[] actions)
    {
        var items = string.Join(", ", actions.Select(action => $$$"""{"action": {"name": "{{{action}}}"}}"""));
        return $$$"""{"subject": {"type": "user", "id": "alice"}, "resource": {"type": "record", "id": "record-1"}, "options": {"evaluations_semantic": "{{{semantic}}}"}, "evaluations": [{{{items}}}]}""";
    }

    private async Task<string?> ReasonAsync(string type, string id, string action, string token, string resource = "record-1")
    {
        var answer = await fixture.PostAsync(
            "evaluation",
            $$$"""{"subject": {"type": "{{{type}}}", "id": "{{{id}}}", "properties": {"access_token": "{{{token}}}"}}, "action": {"name": "{{{action}}}"}, "resource": {"type": "record", "id": "{{{resource}}}"}}""");
        Assert.Equal(200, answer.Status);
        return answer.Json.GetProperty("decision").GetBoolean() ? null : answer.Json.GetProperty("context").GetProperty("reason_admin").GetProperty("403").GetString();
    }
}
