using System.Net;
using Pltfrms.Iam.Token.V1;
using Testing.Databases;
using Token.Tests.Hosting;
using Token.Tests.OAuth;

namespace Token.Tests.Dpop;

/// <summary>A proof counts once, on either engine and through two replicas (RFC 9449 section 11.1).</summary>
public abstract class DpopReplayContract(TestDatabase database) : IAsyncLifetime
{
    private DpopBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            _bench = await DpopBench.StartAsync(database);
        }
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
    }

    [StorageFact]
    public async Task Of_many_that_present_one_proof_at_once_one_is_believed()
    {
        var proof = _bench.Proofs().Make();
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Enumerable.Range(0, 32).Select(async i =>
        {
            await start.Task;
            using var response = await DpopBench.PostAsync(i % 2 == 0 ? _bench.One : _bench.Two, DpopBench.Free, proof);
            return response.StatusCode;
        }).ToList();

        start.SetResult();
        var statuses = await Task.WhenAll(sending);

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(31, statuses.Count(status => status == HttpStatusCode.BadRequest));
    }

    [StorageFact]
    public async Task Of_many_checks_with_one_proof_at_once_one_is_allowed()
    {
        var token = await _bench.BoundTokenAsync();
        var request = DpopCheckTests.Check(token, _bench.ApiProofs(token).Make());
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Enumerable.Range(0, 32).Select(async i =>
        {
            await start.Task;
            return (await (i % 2 == 0 ? _bench.One : _bench.Two).Permissions.CheckPermissionAsync(request, TokenReplica.Operator)).Reason;
        }).ToList();

        start.SetResult();
        var reasons = await Task.WhenAll(sending);

        Assert.Single(reasons, DecisionReason.Allowed);
        Assert.Equal(31, reasons.Count(reason => reason == DecisionReason.SenderConstraintFailed));
    }

    [StorageFact]
    public async Task A_proof_counts_once_wherever_and_an_id_once_for_its_key()
    {
        var proofs = _bench.Proofs();
        var proof = proofs.With("jti", "once");

        using var first = await DpopBench.PostAsync(_bench.One, DpopBench.Free, proof);
        await DpopBench.SuccessAsync(first);
        foreach (var replica in new[] { _bench.One, _bench.Two })
        {
            using var again = await DpopBench.PostAsync(replica, DpopBench.Free, proof);
            await TokenEndpointTests.AssertRefusedAsync(again, 400, "invalid_dpop_proof");
            using var newer = await DpopBench.PostAsync(
                replica, DpopBench.Free, proofs.Sign(proofs.Header(), ProofMaker.Changed(ProofMaker.Changed(proofs.Claims(), "jti", "once"), "iat", proofs.Seconds + 1)));
            await TokenEndpointTests.AssertRefusedAsync(newer, 400, "invalid_dpop_proof");
        }

        using var another = await DpopBench.PostAsync(_bench.Two, DpopBench.Free, _bench.Proofs(key: DpopBench.OtherKey).With("jti", "once"));
        await DpopBench.SuccessAsync(another);
    }

    [StorageFact]
    public async Task A_used_proof_is_refused_for_as_long_as_its_time_would_do()
    {
        var proofs = _bench.Proofs();
        var proof = proofs.With("iat", proofs.Seconds + 25);
        using var first = await DpopBench.PostAsync(_bench.One, DpopBench.Free, proof);
        await DpopBench.SuccessAsync(first);

        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(50));

        using var late = await DpopBench.PostAsync(_bench.Two, DpopBench.Free, proof);
        Assert.Contains("was used before", await late.Content.ReadAsStringAsync());
        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(10));
        using var later = await DpopBench.PostAsync(_bench.Two, DpopBench.Free, proof);
        Assert.Contains("was not made just now", await later.Content.ReadAsStringAsync());
    }
}

public sealed class SqliteDpopReplayTests(SqliteTokenDatabase database) : DpopReplayContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresDpopReplayTests(PostgresTokenDatabase database) : DpopReplayContract(database), IClassFixture<PostgresTokenDatabase>;
