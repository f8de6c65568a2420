using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using Consents = Pltfrms.Iam.Consent.V1;

namespace Suite.Tests;

/// <summary>A user, a web application and two services behind it, in two organizations.</summary>
public sealed class DelegationChainTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>, IAsyncLifetime
{
    private const string LedgerSecret = "ledger-secret-0123456789abcdefghijklm";

    private const string Ledger = $"""
          - client_id: ledger
            client_type: service
            grant_types: [client_credentials, "urn:ietf:params:oauth:grant-type:token-exchange"]
            scopes: [invoices.read]
            secrets:
              - secret_id: ledger
                secret: {LedgerSecret}

        """;

    private readonly SuiteProcess _suite = fixture.Suite;

    private TokenService.TokenServiceClient Tokens => new(_suite.Token);

    private AuditService.AuditServiceClient Audit => new(_suite.RealmAdmin);

    public Task InitializeAsync() => ImportAsync("mode: delegation");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Each_service_acts_for_carol_with_less_until_she_takes_it_back()
    {
        var user = await CarolAsync();
        var first = await ExchangeAsync("demo-service", Demo.ServiceSecret, user, "acme");
        var second = await ExchangeAsync("ledger", LedgerSecret, first, "acme-retail");

        var story = await IntrospectAsync(second);
        Assert.Equal(("carol", "ledger", "acme-retail"), (story.Subject, story.ClientId, story.OrganizationId));
        Assert.Equal(["ledger", "demo-service", "demo-web"], story.Actors.Select(actor => actor.Subject));
        Assert.Equal(["invoices.read"], story.Scopes);
        Assert.Equal(["invoices.read", "invoices.create"], (await IntrospectAsync(first)).Scopes.OrderDescending());
        Assert.Equal(DecisionReason.Allowed, await CheckAsync(second, "invoices.read", "acme-retail"));
        Assert.Equal(DecisionReason.ScopeNotGranted, await CheckAsync(second, "invoices.create", "acme-retail"));
        Assert.Equal(DecisionReason.OrganizationMismatch, await CheckAsync(second, "invoices.read", "acme"));

        await new Consents.ConsentService.ConsentServiceClient(_suite.Consent).RevokeConsentsAsync(
            new() { RealmId = "demo", UserId = "carol", ClientId = "demo-web" }, _suite.Operator);

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await IntrospectAsync(user)).Active)
        {
            await Task.Delay(20, deadline.Token);
        }

        foreach (var token in new[] { first, second })
        {
            Assert.False((await IntrospectAsync(token)).Active);
            Assert.Equal(DecisionReason.TokenInactive, await CheckAsync(token, "invoices.read", "acme-retail"));
        }

        Assert.Equal("EXCHANGE_REFUSED", await RefusedAsync("ledger", LedgerSecret, first));
        await AssertToldAsync(user, story.TokenId, story.GrantId);
    }

    /// <summary>Asked for by the id of the last token, the trail reads as one story: who acted for whom, in which organization, and how it ended.</summary>
    private async Task AssertToldAsync(string user, string lastTokenId, string grantId)
    {
        string[] story =
        [
            "ISSUED by authorization_code: demo-web acts for carol in no organization with invoices.create invoices.read",
            "ISSUED by backend-calls-the-api: demo-service, demo-web act for carol in acme with invoices.create invoices.read",
            "ISSUED by backend-calls-the-api: ledger, demo-service, demo-web act for carol in acme-retail with invoices.read",
            "GRANT_REVOKED by service consent of demo-web for carol",
        ];
        var request = new ListTokenEventsRequest { RealmId = "demo", TokenId = lastTokenId, OldestFirst = true };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        IReadOnlyList<TokenEvent> told;
        do
        {
            await Task.Delay(20, deadline.Token);
            told = (await new TokenAuditService.TokenAuditServiceClient(_suite.Token).ListTokenEventsAsync(request, _suite.Operator)).Events;
        }
        while (told.Count < story.Length);

        Assert.Equal(story, told.Select(Sentence));
        Assert.Equal([grantId], told.Select(happened => happened.GrantId).Distinct());
        Assert.Equal(lastTokenId, told[2].TokenId);
        Assert.Equal([told[1].TokenId, told[0].TokenId], told[2].ParentTokenIds);
        Assert.DoesNotContain(user, string.Join('\n', told));
    }

    private static string Sentence(TokenEvent happened)
    {
        if (happened.Kind == TokenEventKind.GrantRevoked)
        {
            return $"GRANT_REVOKED by {happened.Revoker.RevokerKind} {happened.Revoker.RevokerId} of {happened.ClientId} for {happened.UserId}";
        }

        var actors = happened.Actors.Count == 0 ? $"{happened.ClientId} acts" : $"{string.Join(", ", happened.Actors.Select(actor => actor.Subject))} act";
        var place = happened.OrganizationId.Length == 0 ? "no organization" : happened.OrganizationId;
        return $"ISSUED by {(happened.Rule.Length == 0 ? happened.GrantType : happened.Rule)}: {actors} for {happened.Subject.Subject} in {place}"
            + $" with {string.Join(' ', happened.Scopes.Order(StringComparer.Ordinal))}";
    }

    [Fact]
    public async Task Who_acts_as_carol_is_in_the_audit_trail_before_it_has_a_token()
    {
        var user = await CarolAsync();
        await ImportAsync("mode: impersonation");
        Assert.Equal("EXCHANGE_REFUSED", await RefusedAsync("demo-service", Demo.ServiceSecret, user));

        await ImportAsync("mode: impersonation", "  - client_id: demo-service\n    role_id: impersonator\n");
        var token = await ExchangeAsync("demo-service", Demo.ServiceSecret, user, "acme");

        var introspected = await IntrospectAsync(token);
        Assert.Equal(("carol", "demo-service", 0), (introspected.Subject, introspected.ClientId, introspected.Actors.Count));
        var written = Assert.Single(
            (await Audit.ListEventsAsync(
                new() { RealmId = "demo", ResourceKind = "impersonation", ResourceId = introspected.TokenId }, _suite.Operator)).Events);
        Assert.Equal("token", written.Actor.ActorId);
        Assert.Equal(
            ("\"demo-service\"", "\"carol\""),
            (written.Fields.Single(field => field.Field == "actor_id").After, written.Fields.Single(field => field.Field == "subject_id").After));
    }

    private async Task ImportAsync(string mode, string bindings = "")
    {
        var revision = await Demo.ImportAsync(_suite, _suite.Operator, document => document
            .Replace("    - name: backend-calls-the-api\n      actor_client_ids: [demo-service]\n", $"    - name: backend-calls-the-api\n      {mode}\n", StringComparison.Ordinal)
            .Replace("\nclients:\n", $"\nclients:\n{Ledger}", StringComparison.Ordinal)
            .Replace("\nroles:\n", "\nroles:\n  - role_id: impersonator\n    permissions: [iam.tokens.impersonate]\n", StringComparison.Ordinal)
            .Replace("\nrole_bindings:\n", $"\nrole_bindings:\n{bindings}", StringComparison.Ordinal));
        await Demo.CheckAsync(_suite, _suite.Operator, "none", "invoices.read", "acme", revision);
    }

    private Task<string> CarolAsync() => new DemoUser(
        "carol",
        $"http://127.0.0.1:{_suite.Ports.TokenHttp}",
        new Consents.ConsentService.ConsentServiceClient(_suite.Consent),
        _suite.Operator).AuthorizeAsync("invoices.read invoices.create");

    private async Task<string> ExchangeAsync(string clientId, string secret, string subjectToken, string organizationId) =>
        (await Tokens.IssueTokenAsync(Request(clientId, secret, subjectToken, organizationId))).AccessToken;

    private async Task<string?> RefusedAsync(string clientId, string secret, string subjectToken) => Pltfrms.Iam.Common.Errors.RichStatus.ReasonOf(
        await Assert.ThrowsAsync<RpcException>(async () => await Tokens.IssueTokenAsync(Request(clientId, secret, subjectToken, ""))));

    private static IssueTokenRequest Request(string clientId, string secret, string subjectToken, string organizationId) => new()
    {
        RealmId = "demo",
        ClientId = clientId,
        ClientSecret = secret,
        TokenExchange = new() { SubjectToken = subjectToken, OrganizationId = organizationId },
    };

    private async Task<IntrospectTokenResponse> IntrospectAsync(string token) =>
        await Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, _suite.Operator);

    private async Task<DecisionReason> CheckAsync(string token, string permission, string organizationId) =>
        (await Demo.CheckAsync(_suite, _suite.Operator, token, permission, organizationId, 0)).Reason;
}
