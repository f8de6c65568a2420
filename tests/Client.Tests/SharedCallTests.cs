using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Client;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

/// <summary>Checks of the same moment travel in one call, and share nothing else: neither faults, nor size, nor patience, nor revisions.</summary>
public sealed class SharedCallTests
{
    private static readonly PermissionCheck Check = new() { Subject = PermissionSubject.AccessToken("token"), Permission = "invoices.read" };

    [Fact]
    public async Task Large_tokens_of_others_fail_no_check()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var leave = Gather(fixture);
        fixture.Server.Batch = request => new() { Results = { request.Checks.Select(_ => new Wire.CheckPermissionResponse { Allowed = true }) } };
        var junk = new string('a', 30_000);

        var good = fixture.Iam.CheckPermissionAsync(Check, CancellationToken.None);
        var others = Enumerable.Range(0, 180)
            .Select(i => fixture.Iam.CheckPermissionAsync(Check with { Subject = PermissionSubject.AccessToken(junk + i) }, CancellationToken.None)).ToArray();
        leave.SetResult();

        Assert.True((await good).Allowed);
        Assert.All(await Task.WhenAll(others), answer => Assert.True(answer.Allowed));
    }

    [Fact]
    public async Task A_check_that_is_none_fails_its_own_caller_only()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var leave = Gather(fixture);
        fixture.Server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true });

        var good = fixture.Iam.CheckPermissionAsync(Check, CancellationToken.None);
        var wrong = Assert.ThrowsAnyAsync<ArgumentException>(() => fixture.Iam.CheckPermissionAsync(Check with { Permission = null! }, CancellationToken.None));
        leave.SetResult();

        Assert.True((await good).Allowed);
        await wrong;
    }

    [Fact]
    public async Task Who_goes_away_takes_nobody_along()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var leave = Gather(fixture);
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        fixture.Server.Batch = request =>
        {
            arrived.TrySetResult();
            answer.Task.Wait();
            return new() { Results = { request.Checks.Select(_ => new Wire.CheckPermissionResponse { Allowed = true }) } };
        };
        using var gone = new CancellationTokenSource();

        var first = fixture.Iam.CheckPermissionAsync(Check, gone.Token);
        var second = fixture.Iam.CheckPermissionAsync(Check with { Permission = "invoices.create" }, CancellationToken.None);
        leave.SetResult();
        await arrived.Task;
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult();

        Assert.True((await second).Allowed);
    }

    [Fact]
    public async Task Each_call_asks_for_the_revision_that_its_checks_need()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var leave = Gather(fixture);
        fixture.Server.Check = (request, _) => Task.FromResult(new Wire.CheckPermissionResponse { Revision = request.MinRevision });
        fixture.Server.Batch = request => new() { Results = { request.Checks.Select(_ => new Wire.CheckPermissionResponse { Revision = request.MinRevision }) } };

        long[] wanted = [0, 7, 0, 9, 7];
        var answers = wanted.Select(revision => fixture.Iam.CheckPermissionAsync(Check with { MinRevision = revision }, CancellationToken.None)).ToArray();
        leave.SetResult();

        Assert.Equal(wanted, (await Task.WhenAll(answers)).Select(answer => answer.Revision));
        Assert.Equal(9, (await fixture.Iam.BatchCheckPermissionsAsync([.. wanted.Select(revision => Check with { MinRevision = revision })], CancellationToken.None))[0].Revision);
    }

    [Fact]
    public async Task An_answer_about_a_token_that_is_none_does_not_end_all_checks_for_ever()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.Timeout = TimeSpan.FromSeconds(2));
        fixture.Server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true });
        var isBroken = true;
        fixture.Server.Issue = (_, _) => Task.FromResult(isBroken
            ? new Wire.IssueTokenResponse { AccessToken = "t", ExpiresIn = new Duration { Seconds = 1, Nanos = 2_000_000_000 } }
            : fixture.Server.NextToken());

        await Assert.ThrowsAnyAsync<Exception>(() => fixture.Iam.CheckPermissionAsync(Check, CancellationToken.None));
        isBroken = false;
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True((await fixture.Iam.CheckPermissionAsync(Check, CancellationToken.None)).Allowed);
    }

    /// <summary>Checks wait for the application's own token, and leave together when it is there.</summary>
    private static TaskCompletionSource Gather(ClientFixture fixture)
    {
        var leave = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Server.Issue = async (_, _) =>
        {
            await leave.Task;
            return fixture.Server.NextToken();
        };
        return leave;
    }
}
