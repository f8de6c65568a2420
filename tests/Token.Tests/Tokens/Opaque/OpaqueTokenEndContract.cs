using System.Net;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Tokens.Opaque;

/// <summary>What ends an opaque access token, and what does not, on either engine and through two replicas.</summary>
public abstract class OpaqueTokenEndContract(TestDatabase database) : IAsyncLifetime
{
    private OpaqueBench _bench = null!;

    public async Task InitializeAsync() => _bench = await OpaqueBench.StartAsync(database);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [StorageFact]
    public async Task A_remembered_token_that_is_revoked_is_inactive_here_at_once_and_elsewhere_within_the_bound()
    {
        var token = await _bench.IssueAsync("opaque-machine");
        Assert.NotEqual(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.NotEqual(OpaqueBench.Inactive, await _bench.Two.IntrospectAsync("demo", token));

        using var foreign = await _bench.Two.PostAsync(OpaqueBench.Revoke, TokenReplica.Basic("machine", TestRealm.ServiceSecret), ("token", token));
        Assert.NotEqual(OpaqueBench.Inactive, await _bench.Two.IntrospectAsync("demo", token));
        using var own = await _bench.Two.PostAsync(OpaqueBench.Revoke, TokenReplica.Basic("opaque-machine", TestRealm.ServiceSecret), ("token", token), ("token_type_hint", "refresh_token"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (foreign.StatusCode, own.StatusCode));
        Assert.Equal(OpaqueBench.Inactive, await _bench.Two.IntrospectAsync("demo", token));
        await UntilInactiveAsync(_bench.One, token);
        Assert.Equal(
            Wire.DecisionReason.TokenInactive,
            (await OpaqueBench.CheckAsync(_bench.One, token, "invoices.read", "acme")).Reason);
    }

    [StorageFact]
    public async Task An_administrator_revokes_any_over_grpc()
    {
        var token = await _bench.IssueAsync("opaque-machine");

        await _bench.One.Tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator);

        Assert.Equal(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", token));
    }

    [StorageFact]
    public async Task Another_realms_token_is_inactive_and_cannot_be_revoked()
    {
        using var issued = await _bench.One.PostAsync(
            "/realms/other/oauth2/token", TokenReplica.Basic("opaque-machine", TestRealm.ServiceSecret), ("grant_type", "client_credentials"));
        var token = (await TokenReplica.JsonAsync(issued)).GetProperty("access_token").GetString()!;
        Assert.NotEqual(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("other", token));

        using var revoked = await _bench.One.PostAsync(OpaqueBench.Revoke, TokenReplica.Basic("opaque-machine", TestRealm.ServiceSecret), ("token", token));

        Assert.Equal(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.Equal(Wire.DecisionReason.TokenInactive, (await OpaqueBench.CheckAsync(_bench.One, token, "invoices.read", "acme")).Reason);
        Assert.NotEqual(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("other", token));
    }

    [StorageFact]
    public async Task It_ends_with_its_time_its_client_and_its_organization_but_not_with_its_clients_format()
    {
        var (token, tied) = (await _bench.IssueAsync("opaque-machine"), await _bench.IssueAsync("opaque-machine", ("organization", "acme")));
        var client = TestRealm.Client("demo", "opaque-machine", ["invoices.read"], TestRealm.ServiceSecret);

        await ChangeAsync(client with { AccessTokenFormat = AccessTokenFormat.Jwt });
        Assert.NotEqual(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", token));
        await ChangeAsync(client with { Disabled = true });
        Assert.Equal(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", token));
        await ChangeAsync(client, new Organization { RealmId = "demo", OrganizationId = "acme", Disabled = true });
        Assert.NotEqual(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.Equal(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", tied));
        _bench.Flow.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.Equal(OpaqueBench.Inactive, await _bench.Two.IntrospectAsync("demo", token));
    }

    [StorageFact]
    public async Task A_user_s_opaque_token_ends_with_its_refresh_token_and_a_code_that_comes_twice_ends_it()
    {
        var tokens = await _bench.UserTokensAsync();
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
        Assert.Contains("\"sub\":\"carol\"", await _bench.Two.IntrospectAsync("demo", access));

        using var refreshed = await RefreshAsync(refresh);
        using var again = await RefreshAsync(refresh);
        var next = (await TokenReplica.JsonAsync(refreshed)).GetProperty("access_token").GetString()!;
        Assert.Equal(next, (await TokenReplica.JsonAsync(again)).GetProperty("access_token").GetString());
        using var revoked = await _bench.One.PostAsync(
            OpaqueBench.Revoke, TokenReplica.Basic("web", TestRealm.WebSecret), ("token", refresh), ("token_type_hint", "access_token"));

        Assert.Equal(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", access));
        Assert.Equal(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", next));
        await UntilInactiveAsync(_bench.Two, access);
    }

    [StorageFact]
    public async Task Of_many_that_redeem_one_code_one_gets_a_token_and_it_is_revoked()
    {
        var code = await _bench.CodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using var response = await OpaqueBench.RedeemAsync(i % 2 == 0 ? _bench.One : _bench.Two, code);
            return (response.StatusCode, Json: await TokenReplica.JsonAsync(response));
        }));

        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        await UntilInactiveAsync(_bench.One, winner.Json.GetProperty("access_token").GetString()!);
    }

    private static async Task UntilInactiveAsync(TokenReplica replica, string token)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await replica.IntrospectAsync("demo", token) != OpaqueBench.Inactive)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private Task ChangeAsync(params IRealmResource[] upserts)
    {
        var revision = _bench.Flow.Realms.Change("demo", upserts);
        return Task.WhenAll(_bench.One.ReachAsync("demo", revision), _bench.Two.ReachAsync("demo", revision));
    }

    private Task<HttpResponseMessage> RefreshAsync(string refreshToken) => _bench.Two.PostAsync(
        OpaqueBench.Token, TokenReplica.Basic("web", TestRealm.WebSecret), ("grant_type", "refresh_token"), ("refresh_token", refreshToken));
}

public sealed class SqliteOpaqueTokenEndTests(SqliteTokenDatabase database) : OpaqueTokenEndContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresOpaqueTokenEndTests(PostgresTokenDatabase database) : OpaqueTokenEndContract(database), IClassFixture<PostgresTokenDatabase>;
