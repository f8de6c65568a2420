using Token.Tests.Hosting;

namespace Token.Tests.AuthZen;

/// <summary>AuthZEN's certification scenario, levels Basic and Batch, in the order of its sections; the requests are its own.</summary>
public sealed class CertificationTests(AuthZenFixture fixture) : IClassFixture<AuthZenFixture>
{
    private const string AliceReads = """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""";

    public static TheoryData<string, string, bool> Decisions => new()
    {
        { "1: alice reads", AliceReads, true },
        { "2: alice writes", """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-1"}}""", true },
        { "3: bob reads", """{"subject": {"type": "user", "id": "bob"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""", true },
        { "4: bob writes", """{"subject": {"type": "user", "id": "bob"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-1"}}""", false },
        {
            "5: alice writes what is archived",
            """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}}""",
            false
        },
        {
            "6: an administrator writes what is archived",
            """{"subject": {"type": "user", "id": "bob", "properties": {"role": "admin"}}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}}""",
            true
        },
        { "7: alice deletes softly", """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "delete", "properties": {"soft": true}}, "resource": {"type": "record", "id": "record-1"}}""", true },
        { "8: alice deletes", """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "delete", "properties": {"soft": false}}, "resource": {"type": "record", "id": "record-1"}}""", false },
        {
            "with a context",
            """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}, "context": {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}}""",
            true
        },
        {
            "with properties that nobody knows",
            """{"subject": {"type": "user", "id": "alice", "properties": {"department": "Sales", "role": "manager"}}, "action": {"name": "read", "properties": {"method": "GET"}}, "resource": {"type": "record", "id": "record-1", "properties": {"status": "active", "owner": "bob"}}}""",
            true
        },
        {
            "with fields that nobody knows",
            """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}, "foo": "bar", "futureField": {"nested": true}}""",
            true
        },
    };

    public static TheoryData<string> WrongEvaluations =>
    [
        """{"action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""",
        """{"subject": {"type": "user", "id": "alice"}, "resource": {"type": "record", "id": "record-1"}}""",
        """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}}""",
        """{"subject": {"id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""",
        """{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""",
        """{"subject": {"type": "user", "id": "alice"}, "action": {}, "resource": {"type": "record", "id": "record-1"}}""",
        """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"id": "record-1"}}""",
        """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record"}}""",
        """{"subject": "alice", "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}""",
        """{"subject": {"type": "user", "id": "alice"}, "action": {"name": 123}, "resource": {"type": "record", "id": "record-1"}}""",
        """{"subject": {"type": "user", "id": "alice"}, "action":""",
        "",
    ];

    public static TheoryData<string, string, bool[]> Batches => new()
    {
        {
            "subject and action for all",
            """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "evaluations": [{"resource": {"type": "record", "id": "record-1"}}, {"resource": {"type": "record", "id": "record-2"}}]}""",
            [true, true]
        },
        {
            "in the order asked",
            """{"subject": {"type": "user", "id": "bob"}, "resource": {"type": "record", "id": "record-1"}, "evaluations": [{"action": {"name": "read"}}, {"action": {"name": "write"}}]}""",
            [true, false]
        },
        {
            "properties of resources",
            """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "write"}, "evaluations": [{"resource": {"type": "record", "id": "record-1", "properties": {"status": "active"}}}, {"resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}}]}""",
            [true, false]
        },
        {
            "properties of subjects",
            """{"action": {"name": "write"}, "resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}, "evaluations": [{"subject": {"type": "user", "id": "alice"}}, {"subject": {"type": "user", "id": "bob", "properties": {"role": "admin"}}}]}""",
            [false, true]
        },
        {
            "nothing for all",
            """{"evaluations": [{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "record-1"}}, {"subject": {"type": "user", "id": "bob"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-1"}}]}""",
            [true, false]
        },
        {
            "context for all but one",
            """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "context": {"time": "2025-06-27T18:03-07:00"}, "evaluations": [{"resource": {"type": "record", "id": "record-1"}}, {"resource": {"type": "record", "id": "record-2"}, "context": {"time": "2025-06-27T19:00-07:00", "source": "batch-override"}}]}""",
            [true, true]
        },
        {
            "all for all, and one replaced as a whole",
            """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "write"}, "resource": {"type": "record", "id": "record-1", "properties": {"status": "active"}}, "evaluations": [{}, {"resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}}]}""",
            [true, false]
        },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public async Task Decides_as_the_fixture_says_each_time(string rule, string request, bool decision)
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((rule, decision), (rule, await fixture.DecideAsync(request)));
        }
    }

    [Theory]
    [MemberData(nameof(WrongEvaluations))]
    public async Task What_is_missing_or_of_another_kind_is_a_bad_request(string request)
    {
        var answer = await fixture.PostAsync("evaluation", request);

        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("")]
    public async Task What_is_not_JSON_is_a_bad_request(string contentType) =>
        Assert.Equal(400, (await fixture.PostAsync("evaluation", AliceReads, AuthZenFixture.Pep, contentType)).Status);

    [Theory]
    [InlineData("bfe9eb29-ab87-4ca3-be83-a1d5d8305716", AliceReads, 200)]
    [InlineData("any text: of 7 words, \"quoted\"", "{}", 400)]
    public async Task The_request_identifier_is_in_the_answer_whatever_that_says(string identifier, string request, int status)
    {
        var answer = await fixture.PostAsync("evaluation", request, AuthZenFixture.Pep, headers: ("X-Request-ID", identifier));

        Assert.Equal((status, identifier), (answer.Status, answer.Header("X-Request-ID")));
    }

    [Fact]
    public async Task Without_a_request_identifier_there_is_none_in_the_answer()
    {
        var answer = await fixture.PostAsync("evaluation", AliceReads);

        Assert.Equal((200, null), (answer.Status, answer.Header("X-Request-ID")));
    }

    [Theory]
    [InlineData("evaluation")]
    [InlineData("evaluations")]
    [InlineData("search/subject")]
    [InlineData("search/resource")]
    [InlineData("search/action")]
    public async Task A_caller_that_is_not_authenticated_is_told_how_and_keeps_its_request_identifier(string path)
    {
        foreach (var caller in new[] { null, TokenReplica.Basic("pep", "wrong"), new("Bearer", "garbage") })
        {
            var answer = await fixture.PostAsync(path, AliceReads, caller, headers: ("X-Request-ID", "7"));

            Assert.Equal((401, "7"), (answer.Status, answer.Header("X-Request-ID")));
            Assert.StartsWith(caller?.Scheme == "Bearer" ? "Bearer " : "Basic ", answer.Header("WWW-Authenticate"));
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task A_batch_is_answered_in_length_and_order(string what, string request, bool[] decisions)
    {
        var answer = await fixture.PostAsync("evaluations", request);

        Assert.Equal((what, 200), (what, answer.Status));
        Assert.Equal(decisions, answer.Decisions);
        Assert.Equal(["evaluations"], answer.Json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task One_that_is_incomplete_is_denied_and_the_others_are_answered()
    {
        var answer = await fixture.PostAsync(
            "evaluations",
            """{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "options": {"evaluations_semantic": "execute_all"}, "evaluations": [{"resource": {"type": "record", "id": "record-1"}}, {}]}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal([true, false], answer.Decisions);
        var error = answer.Json.GetProperty("evaluations")[1].GetProperty("context").GetProperty("error");
        Assert.Equal((400, "resource is missing."), (error.GetProperty("status").GetInt32(), error.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "evaluations": []""")]
    public async Task Without_evaluations_the_request_is_one(string evaluations)
    {
        var answer = await fixture.PostAsync("evaluations", AliceReads.Insert(AliceReads.Length - 1, evaluations));

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"decision":true}""", answer.Json.GetRawText());
    }

    [Theory]
    [InlineData("/.well-known/authzen-configuration/realms/certification")]
    [InlineData("/realms/certification/.well-known/authzen-configuration")]
    public async Task Metadata_name_the_realm_by_its_issuer_whatever_host_was_asked(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Host = "evil.example" } };
        using var response = await fixture.Service.Http.SendAsync(request);
        var metadata = await TokenReplica.JsonAsync(response);

        const string issuer = "https://iam.example/realms/certification";
        Assert.Equal(
            [
                ("policy_decision_point", issuer),
                ("access_evaluation_endpoint", issuer + "/access/v1/evaluation"),
                ("access_evaluations_endpoint", issuer + "/access/v1/evaluations"),
                ("search_subject_endpoint", issuer + "/access/v1/search/subject"),
                ("search_resource_endpoint", issuer + "/access/v1/search/resource"),
                ("search_action_endpoint", issuer + "/access/v1/search/action"),
            ],
            metadata.EnumerateObject().Select(member => (member.Name, member.Value.GetString()!)));
        Assert.Equal("public, max-age=300", response.Headers.CacheControl?.ToString());
    }
}
