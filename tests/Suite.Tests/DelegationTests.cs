using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Suite.Tests;

/// <summary>Users who let services act for them, over all three services.</summary>
public sealed class DelegationTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>, IAsyncLifetime
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

    private DelegationService.DelegationServiceClient Delegations => new(_suite.RealmAdmin);

    private TokenService.TokenServiceClient Tokens => new(_suite.Token);

    public async Task InitializeAsync()
    {
        var revision = await Demo.ImportAsync(_suite, _suite.Operator, document => document
            .Replace("backend-calls-the-api\n      actor_client_ids: [demo-service]\n", "backend-calls-the-api\n", StringComparison.Ordinal)
            .Replace("\nclients:\n", $"\nclients:\n{Ledger}", StringComparison.Ordinal));
        await ReachAsync(revision);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Carol_lets_a_service_act_on_her_page_and_what_it_and_the_next_do_ends_when_she_ends_it_there()
    {
        using var carol = new AccountBrowser(_suite, "carol");
        Assert.Contains("Who may act for you", await carol.LogInAsync());
        Assert.Contains("Nobody may act for you.", await carol.GetAsync(carol.Delegations));
        var granted = await carol.SendAsync(
            ("action", "grant"), ("delegate_client_id", "demo-service"), ("delegate_user_id", ""), ("scope", "invoices.read"), ("scope", "invoices.create"),
            ("organization_id", "acme"), ("days", "7"), ("max_depth", "1"), ("reason", "On holiday"));
        Assert.Contains("Your change is saved.", granted);
        Assert.Contains("On holiday", granted);

        var listed = await Delegations.ListDelegationsAsync(new() { RealmId = "demo", DelegatorId = "carol" }, _suite.Operator);
        var delegation = Assert.Single(listed.Delegations);
        Assert.Equal(("demo-service", "acme", 1, true, "carol"), (delegation.DelegateClientId, delegation.OrganizationId, delegation.MaxDepth, delegation.SelfGranted, delegation.CreatedBy));
        await ReachAsync(listed.Revision);
        var first = await UseAsync("demo-service", Demo.ServiceSecret, new() { DelegationId = delegation.DelegationId });
        var second = await UseAsync("ledger", LedgerSecret, new() { SubjectToken = first, Scopes = { "invoices.read" }, OrganizationId = "acme-retail" });

        var story = await Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = second }, _suite.Operator);
        Assert.Equal(("carol", "ledger", "acme-retail", delegation.DelegationId), (story.UserId, story.ClientId, story.OrganizationId, story.DelegationId));
        Assert.Equal(["ledger", "demo-service"], story.Actors.Select(actor => actor.Subject));
        Assert.Equal(DecisionReason.Allowed, await CheckAsync(second, "acme-retail", listed.Revision));
        Assert.Equal(DecisionReason.Allowed, await CheckAsync(first, "acme", listed.Revision));
        Assert.Equal(DecisionReason.OrganizationMismatch, await CheckAsync(first, "globex", listed.Revision));

        Assert.Contains("Nobody may act for you.", await carol.SendAsync(("action", "revoke"), ("delegation_id", delegation.DelegationId)));

        var ended = (await Delegations.ListDelegationsAsync(new() { RealmId = "demo" }, _suite.Operator)).Revision;
        foreach (var token in new[] { first, second })
        {
            Assert.Equal(DecisionReason.TokenInactive, await CheckAsync(token, "acme-retail", ended));
            Assert.False((await Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token, MinRevision = ended }, _suite.Operator)).Active);
        }

        Assert.Equal("EXCHANGE_REFUSED", await RefusalAsync("demo-service", Demo.ServiceSecret, new() { DelegationId = delegation.DelegationId }));
        var trail = (await new AuditService.AuditServiceClient(_suite.RealmAdmin).ListEventsAsync(
            new() { RealmId = "demo", ResourceKind = "delegation", ResourceId = delegation.DelegationId }, _suite.Operator)).Events;
        Assert.Equal([ChangeKind.Delete, ChangeKind.Create], trail.Select(e => e.ChangeKind));
        Assert.All(trail, e => Assert.Equal(("carol", "consent"), (e.Actor.ActorId, Assert.Single(e.Actor.ActChain))));
    }

    [Fact]
    public async Task The_page_gives_away_nothing_that_its_user_does_not_hold_and_takes_no_form_of_others()
    {
        using var alice = new AccountBrowser(_suite, "alice");
        await alice.LogInAsync();
        (string, string)[] form = [("action", "grant"), ("organization_id", ""), ("days", "1"), ("max_depth", "0")];

        Assert.Contains("more than you may do there", await alice.SendAsync([.. form, ("delegate_client_id", "demo-service"), ("scope", "invoices.approve")]));
        Assert.Contains("is not there", await alice.SendAsync([.. form, ("delegate_user_id", "nobody"), ("scope", "invoices.read")]));
        Assert.Contains("choose an application or a user", await alice.SendAsync([.. form, ("delegate_user_id", "alice"), ("scope", "invoices.read")]));
        Assert.Contains("choose an application or a user", await alice.SendAsync([.. form, ("scope", "invoices.read")]));
        Assert.Contains("choose an application or a user", await alice.SendAsync([.. form, ("delegate_user_id", "bob")]));
        Assert.Equal(HttpStatusCode.BadRequest, await alice.ForgeAsync([.. form, ("delegate_user_id", "bob"), ("scope", "invoices.read")]));
        Assert.Empty((await Delegations.ListDelegationsAsync(new() { RealmId = "demo", DelegatorId = "alice" }, _suite.Operator)).Delegations);

        // What she gives Bob, Bob sees and gives back.
        Assert.Contains("Your change is saved.", await alice.SendAsync([.. form, ("delegate_user_id", "bob"), ("scope", "invoices.read")]));
        using var bob = new AccountBrowser(_suite, "bob");
        await bob.LogInAsync();
        var id = Assert.Single((await Delegations.ListDelegationsAsync(new() { RealmId = "demo", DelegateUserId = "bob" }, _suite.Operator)).Delegations).DelegationId;
        Assert.Contains(id, await bob.GetAsync(bob.Delegations));
        using var carol = new AccountBrowser(_suite, "carol");
        await carol.LogInAsync();
        Assert.Contains("is not there", await carol.SendAsync(("action", "revoke"), ("delegation_id", id)));
        Assert.Contains("Your change is saved.", await bob.SendAsync(("action", "revoke"), ("delegation_id", id)));
        Assert.Contains("Nobody may act for you.", await alice.GetAsync(alice.Delegations));
    }

    [Fact]
    public async Task A_delegation_that_has_ended_is_never_used_by_a_check_at_that_revision()
    {
        for (var round = 0; round < 3; round++)
        {
            var made = await Delegations.CreateDelegationAsync(
                new() { RealmId = "demo", Delegation = new() { DelegatorId = "carol", DelegateClientId = "demo-service", Scopes = { "invoices.read" } } }, _suite.Operator);
            await ReachAsync(made.Revision);
            var token = await UseAsync("demo-service", Demo.ServiceSecret, new() { DelegationId = made.Delegation.DelegationId });
            Assert.Equal(DecisionReason.Allowed, await CheckAsync(token, "acme", made.Revision));

            made.Delegation.ExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch);
            var ended = round == 0
                ? (await Delegations.UpdateDelegationAsync(new() { RealmId = "demo", Delegation = made.Delegation }, _suite.Operator)).Revision
                : (await Delegations.DeleteDelegationAsync(new() { RealmId = "demo", DelegationId = made.Delegation.DelegationId }, _suite.Operator)).Revision;

            Assert.Equal(DecisionReason.TokenInactive, await CheckAsync(token, "acme", ended));
        }
    }

    private async Task ReachAsync(long revision) => await Demo.CheckAsync(_suite, _suite.Operator, "none", "invoices.read", "acme", revision);

    private async Task<string> UseAsync(string clientId, string secret, TokenExchangeGrant exchange) => (await Tokens.IssueTokenAsync(
        new() { RealmId = "demo", ClientId = clientId, ClientSecret = secret, TokenExchange = exchange })).AccessToken;

    private async Task<string?> RefusalAsync(string clientId, string secret, TokenExchangeGrant exchange) =>
        RichStatus.ReasonOf(await Assert.ThrowsAsync<RpcException>(() => UseAsync(clientId, secret, exchange)));

    private async Task<DecisionReason> CheckAsync(string token, string organizationId, long minRevision) =>
        (await Demo.CheckAsync(_suite, _suite.Operator, token, "invoices.read", organizationId, minRevision)).Reason;
}
