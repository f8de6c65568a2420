using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Client;
using static Testing.Waiting;

namespace Client.Tests;

public sealed class IamTokensTests
{
    private static readonly TokenRequest Invoices = new("invoices.read", "invoices.create") { OrganizationId = "acme" };

    [Fact]
    public async Task Asks_as_the_configured_client_for_what_was_requested()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Issue = (_, _) => Task.FromResult(new Pltfrms.Iam.Token.V1.IssueTokenResponse
        {
            AccessToken = "granted",
            ExpiresIn = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)),
            Scopes = { "invoices.read" },
            OrganizationId = "acme",
        });

        var token = await fixture.Tokens.GetAsync(Invoices with { Audience = "https://api.demo.example" }, CancellationToken.None);

        var asked = Assert.Single(fixture.Server.TokenRequests);
        Assert.Equal(("demo", "demo-api", "the-secret"), (asked.RealmId, asked.ClientId, asked.ClientSecret));
        Assert.Equal(["invoices.create", "invoices.read"], asked.ClientCredentials.Scopes);
        Assert.Equal(("acme", "https://api.demo.example"), (asked.ClientCredentials.OrganizationId, asked.ClientCredentials.Audience));
        Assert.Equal(("granted", "acme"), (token.Value, token.OrganizationId));
        Assert.Equal(["invoices.read"], token.Scopes);
        Assert.Equal(fixture.Clock.GetUtcNow() + TimeSpan.FromMinutes(10), token.ExpiresAt);
    }

    [Fact]
    public async Task A_hundred_waiters_share_one_request()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var answer = new TaskCompletionSource();
        fixture.Server.Issue = async (_, _) =>
        {
            await answer.Task;
            return fixture.Server.NextToken();
        };

        var waiters = Enumerable.Range(0, 100).Select(_ => Task.Run(() => fixture.TokenAsync(Invoices))).ToArray();
        await UntilAsync(() => !fixture.Server.TokenRequests.IsEmpty);
        Assert.All(waiters, waiter => Assert.False(waiter.IsCompleted));
        answer.SetResult();

        Assert.All(await Task.WhenAll(waiters), token => Assert.Equal("token-1", token));
        Assert.Single(fixture.Server.TokenRequests);
    }

    [Fact]
    public async Task A_token_is_kept_until_it_is_due()
    {
        await using var fixture = await ClientFixture.StartAsync();

        var first = await fixture.TokenAsync(Invoices);
        fixture.Clock.Advance(TimeSpan.FromMinutes(58));

        Assert.Equal(first, await fixture.TokenAsync(Invoices));
        Assert.Single(fixture.Server.TokenRequests);
    }

    [Fact]
    public async Task A_token_that_is_due_is_renewed_in_the_background_while_it_is_still_handed_out()
    {
        await using var fixture = await ClientFixture.StartAsync();
        await fixture.TokenAsync(Invoices);
        var answer = new TaskCompletionSource();
        fixture.Server.Issue = async (_, _) =>
        {
            await answer.Task;
            return fixture.Server.NextToken();
        };
        fixture.Clock.Advance(TimeSpan.FromMinutes(59.5));

        var during = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.TokenAsync(Invoices)));
        answer.SetResult();

        Assert.All(during, token => Assert.Equal("token-1", token));
        await UntilAsync(async () => await fixture.TokenAsync(Invoices) == "token-2");
        Assert.Equal(2, fixture.Server.TokenRequests.Count);
    }

    [Fact]
    public async Task A_renewal_that_fails_leaves_the_current_token_in_use_until_it_expires()
    {
        await using var fixture = await ClientFixture.StartAsync();
        await fixture.TokenAsync(Invoices);
        fixture.Server.Issue = (_, _) => throw Faults.Of(StatusCode.Unavailable, "STORAGE_UNAVAILABLE");
        fixture.Clock.Advance(TimeSpan.FromMinutes(59.5));

        Assert.Equal("token-1", await fixture.TokenAsync(Invoices));
        await UntilAsync(() => fixture.Server.TokenRequests.Count == 2);
        Assert.Equal("token-1", await fixture.TokenAsync(Invoices));

        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.TokenAsync(Invoices));
    }

    [Fact]
    public async Task An_expired_token_is_never_handed_out()
    {
        await using var fixture = await ClientFixture.StartAsync();
        await fixture.TokenAsync(Invoices);

        fixture.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("token-2", await fixture.TokenAsync(Invoices));
    }

    [Fact]
    public async Task A_token_without_a_lifetime_is_not_kept()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Issue = (_, _) =>
        {
            var token = fixture.Server.NextToken();
            token.ExpiresIn = null;
            return Task.FromResult(token);
        };

        Assert.Equal("token-1", await fixture.TokenAsync(Invoices));
        Assert.Equal("token-2", await fixture.TokenAsync(Invoices));
    }

    [Fact]
    public async Task A_waiter_that_gives_up_does_not_disturb_the_others()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var answer = new TaskCompletionSource();
        var serverSawCancellation = false;
        fixture.Server.Issue = async (_, context) =>
        {
            await answer.Task;
            serverSawCancellation = context.CancellationToken.IsCancellationRequested;
            return fixture.Server.NextToken();
        };
        using var impatience = new CancellationTokenSource();

        var impatient = fixture.Tokens.GetAsync(Invoices, impatience.Token).AsTask();
        var patient = fixture.TokenAsync(Invoices);
        await UntilAsync(() => !fixture.Server.TokenRequests.IsEmpty);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        answer.SetResult();

        Assert.Equal("token-1", await patient);
        Assert.False(serverSawCancellation);
        Assert.Single(fixture.Server.TokenRequests);
    }

    [Fact]
    public async Task A_failure_answers_for_a_moment_and_is_then_forgotten()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var refuse = true;
        fixture.Server.Issue = (_, _) => refuse
            ? throw Faults.Of(StatusCode.Unauthenticated, "INVALID_CLIENT")
            : Task.FromResult(fixture.Server.NextToken());

        for (var i = 0; i < 5; i++)
        {
            var fault = await Assert.ThrowsAsync<IamClientException>(() => fixture.TokenAsync(Invoices));
            Assert.Equal(IamErrorReason.InvalidClient, fault.Reason);
        }
        Assert.Single(fixture.Server.TokenRequests);

        refuse = false;
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("token-1", await fixture.TokenAsync(Invoices));
    }

    [Fact]
    public async Task The_request_that_serves_all_belongs_to_no_ones_trace()
    {
        await using var fixture = await ClientFixture.StartAsync();
        string? traceParent = null;
        fixture.Server.Issue = (_, context) =>
        {
            traceParent = context.RequestHeaders.GetValue("traceparent");
            return Task.FromResult(fixture.Server.NextToken());
        };
        using var activity = new Activity("the first caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        await fixture.TokenAsync(Invoices);

        // Where somebody listens, it has a trace of its own.
        Assert.DoesNotContain(activity.TraceId.ToHexString(), traceParent ?? "", StringComparison.Ordinal);
        Assert.Single(fixture.Server.TokenRequests);
    }

    [Fact]
    public async Task A_caller_without_ambient_state_is_served_too()
    {
        await using var fixture = await ClientFixture.StartAsync();
        Task<string> asked;
        using (ExecutionContext.SuppressFlow())
        {
            asked = fixture.TokenAsync(Invoices);
        }

        Assert.Equal("token-1", await asked);
    }

    [Fact]
    public async Task Neither_token_nor_subject_prints_a_secret()
    {
        await using var fixture = await ClientFixture.StartAsync();

        var token = await fixture.Tokens.GetAsync(Invoices, CancellationToken.None);

        Assert.DoesNotContain("token-1", token.ToString(), StringComparison.Ordinal);
        Assert.Equal("AccessToken", PermissionSubject.AccessToken("eyJ").ToString());
    }
}
