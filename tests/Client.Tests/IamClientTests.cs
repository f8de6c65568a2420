using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Client;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

public sealed class IamClientTests
{
    private static readonly PermissionCheck CreateInvoices = new()
    {
        Subject = PermissionSubject.User("alice"),
        Permission = "invoices.create",
        OrganizationId = "acme",
    };

    [Fact]
    public async Task Calls_carry_this_applications_own_token_for_the_suites_api()
    {
        await using var fixture = await ClientFixture.StartAsync();

        await fixture.Iam.IntrospectAsync("x", CancellationToken.None);
        await fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None);

        Assert.Equal(["Bearer token-1", "Bearer token-1"], fixture.Server.Authorizations);
        var asked = Assert.Single(fixture.Server.TokenRequests).ClientCredentials;
        Assert.Equal(["iam.permissions.check", "iam.tokens.introspect"], asked.Scopes);
        Assert.Equal("urn:pltfrms:iam", asked.Audience);
    }

    [Fact]
    public async Task Calls_ask_for_the_scopes_that_are_configured()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.CallScopes.Add("iam.tokens.introspect"));

        await fixture.Iam.IntrospectAsync("x", CancellationToken.None);

        Assert.Equal(["iam.tokens.introspect"], Assert.Single(fixture.Server.TokenRequests).ClientCredentials.Scopes);
    }

    [Fact]
    public async Task An_active_token_is_told_in_full()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var issued = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        fixture.Server.Introspect = (request, _) => Task.FromResult(new Wire.IntrospectTokenResponse
        {
            Active = request is { RealmId: "demo", Token: "the-token", MinRevision: 7 },
            Scopes = { "invoices.read" },
            ClientId = "demo-service",
            Subject = "demo-service",
            SubjectType = Wire.SubjectType.Client,
            OrganizationId = "acme",
            Audiences = { "https://api.demo.example" },
            Issuer = "http://127.0.0.1:8080/realms/demo",
            TokenId = "jti",
            IssueTime = Timestamp.FromDateTimeOffset(issued),
            ExpireTime = Timestamp.FromDateTimeOffset(issued.AddMinutes(5)),
            Revision = 9,
        });

        var answer = await fixture.Iam.IntrospectAsync("the-token", minRevision: 7, CancellationToken.None);

        Assert.True(answer.Active);
        Assert.Equal(["invoices.read"], answer.Scopes);
        Assert.Equal(("demo-service", null, "demo-service"), (answer.ClientId, answer.UserId, answer.Subject));
        Assert.Equal((PrincipalType.Client, "acme", "jti"), (answer.SubjectType, answer.OrganizationId, answer.TokenId));
        Assert.Equal(["https://api.demo.example"], answer.Audiences);
        Assert.Equal(("http://127.0.0.1:8080/realms/demo", null), (answer.Issuer, answer.Acr));
        Assert.Equal((issued, issued.AddMinutes(5), 9L), (answer.IssuedAt, answer.ExpiresAt, answer.Revision));
    }

    [Fact]
    public async Task An_inactive_token_has_no_facts_whatever_the_server_sends()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Introspect = (_, _) => Task.FromResult(new Wire.IntrospectTokenResponse
        {
            ClientId = "demo-service",
            Scopes = { "invoices.read" },
            Revision = 3,
        });

        var answer = await fixture.Iam.IntrospectAsync("x", CancellationToken.None);

        Assert.Equal((false, null, 3L), (answer.Active, answer.ClientId, answer.Revision));
        Assert.Empty(answer.Scopes);
    }

    [Fact]
    public async Task A_check_says_everything_it_was_given_and_gives_back_the_trace()
    {
        await using var fixture = await ClientFixture.StartAsync();
        Wire.CheckPermissionRequest? seen = null;
        fixture.Server.Check = (request, _) =>
        {
            seen = request;
            return Task.FromResult(new Wire.CheckPermissionResponse
            {
                Allowed = true,
                Reason = Wire.DecisionReason.Allowed,
                Revision = 4,
                Trace = new() { Scope = "invoices.create", RoleBindingId = "b1", GroupIds = { "accountants" }, RoleIds = { "accountant" }, OrganizationId = "acme" },
            });
        };

        var decision = await fixture.Iam.CheckPermissionAsync(
            new()
            {
                Subject = PermissionSubject.AccessToken("the-token"),
                Permission = "invoices.create",
                OrganizationId = "acme",
                Audience = "https://api.demo.example",
                MinRevision = 4,
                IncludeTrace = true,
                Context = new() { SourceAddress = "10.0.0.1", Acr = "2" },
            },
            CancellationToken.None);

        Assert.Equal(
            new Wire.CheckPermissionRequest
            {
                RealmId = "demo",
                AccessToken = "the-token",
                Permission = "invoices.create",
                OrganizationId = "acme",
                Audience = "https://api.demo.example",
                MinRevision = 4,
                IncludeTrace = true,
                Context = new() { SourceAddress = "10.0.0.1", Acr = "2" },
            },
            seen);
        Assert.Equal((true, DecisionReason.Allowed, 4L), (decision.Allowed, decision.Reason, decision.Revision));
        Assert.Equal(("invoices.create", "b1", "acme"), (decision.Trace!.Scope, decision.Trace.RoleBindingId, decision.Trace.OrganizationId));
        Assert.Null(decision.Trace.BindingOrganizationId);
        Assert.Equal(["accountants"], decision.Trace.GroupIds);
        Assert.Equal(["accountant"], decision.Trace.RoleIds);
    }

    [Fact]
    public async Task Every_reason_of_the_contract_is_known()
    {
        await using var fixture = await ClientFixture.StartAsync();
        foreach (var reason in System.Enum.GetValues<Wire.DecisionReason>().Where(reason => reason != Wire.DecisionReason.Unspecified))
        {
            fixture.Server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Reason = reason });

            var decision = await fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None);

            Assert.Equal(reason.ToString(), decision.Reason.ToString());
        }
    }

    [Fact]
    public async Task An_empty_answer_is_a_denial_and_a_newer_reason_is_unknown()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Reason = (Wire.DecisionReason)77 });

        var decision = await fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None);

        Assert.Equal((false, DecisionReason.Unknown), (decision.Allowed, decision.Reason));
    }

    [Fact]
    public async Task A_batch_answers_in_the_order_of_its_checks()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Batch = request => new()
        {
            Results = { request.Checks.Select(check => new Wire.CheckPermissionResponse { Allowed = check.UserId == "alice", Revision = request.MinRevision }) },
        };

        var decisions = await fixture.Iam.BatchCheckPermissionsAsync(
            [CreateInvoices, CreateInvoices with { Subject = PermissionSubject.Client("alice") }, CreateInvoices],
            minRevision: 5,
            CancellationToken.None);

        Assert.Equal([(true, 5), (false, 5), (true, 5)], decisions.Select(decision => (decision.Allowed, decision.Revision)));
    }

    [Fact]
    public async Task A_batch_with_an_answer_too_few_is_no_answer()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Batch = _ => new() { Results = { new Wire.CheckPermissionResponse { Allowed = true } } };

        var fault = await Assert.ThrowsAsync<IamClientException>(
            () => fixture.Iam.BatchCheckPermissionsAsync([CreateInvoices, CreateInvoices], CancellationToken.None));

        Assert.Equal(IamErrorReason.Internal, fault.Reason);
    }

    [Fact]
    public async Task An_empty_batch_asks_nobody()
    {
        await using var fixture = await ClientFixture.StartAsync();

        Assert.Empty(await fixture.Iam.BatchCheckPermissionsAsync([], CancellationToken.None));
        Assert.Empty(fixture.Server.Authorizations);
    }

    [Fact]
    public async Task Permissions_are_listed_for_a_subject_in_a_context()
    {
        await using var fixture = await ClientFixture.StartAsync();
        Wire.ListPermissionsRequest? seen = null;
        fixture.Server.List = request =>
        {
            seen = request;
            return new() { Permissions = { "invoices.create", "invoices.read" }, Reason = Wire.DecisionReason.Allowed, Revision = 2 };
        };

        var list = await fixture.Iam.ListPermissionsAsync(
            new() { Subject = PermissionSubject.Client("demo-service"), OrganizationId = "acme" }, CancellationToken.None);

        Assert.Equal(new Wire.ListPermissionsRequest { RealmId = "demo", ClientId = "demo-service", OrganizationId = "acme" }, seen);
        Assert.Equal(["invoices.create", "invoices.read"], list.Permissions);
        Assert.Equal((DecisionReason.Allowed, 2L), (list.Reason, list.Revision));
    }
}
