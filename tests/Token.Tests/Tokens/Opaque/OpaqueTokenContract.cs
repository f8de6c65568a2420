using System.Net.Http.Headers;
using Grpc.Core;
using Pltfrms.Iam.Common;
using Testing.Databases;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Tokens.Opaque;

/// <summary>Opaque access tokens beside JWTs of the same content, on either engine and through two replicas.</summary>
public abstract class OpaqueTokenContract(TestDatabase database) : IAsyncLifetime
{
    private OpaqueBench _bench = null!;

    public async Task InitializeAsync() => _bench = await OpaqueBench.StartAsync(database);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [StorageFact]
    public async Task An_opaque_token_says_nothing_and_introspection_says_what_it_says_of_a_jwt()
    {
        var jwt = await _bench.IssueAsync("machine", ("organization", "acme"));
        var opaque = await _bench.IssueAsync("opaque-machine", ("organization", "acme"));

        Assert.Matches("^[A-Za-z0-9_-]{43}$", opaque);
        foreach (var replica in new[] { _bench.One, _bench.Two })
        {
            Assert.Equal(
                Said(await replica.IntrospectAsync("demo", jwt)).Replace("machine", "opaque-machine"),
                Said(await replica.IntrospectAsync("demo", opaque)));
            var (one, other) = (await IntrospectAsync(replica, jwt), await IntrospectAsync(replica, opaque));
            (one.TokenId, one.ClientId, one.Subject) = (other.TokenId, "opaque-machine", "opaque-machine");
            Assert.Equal(one, other);
        }
    }

    [StorageFact]
    public async Task A_check_decides_alike()
    {
        var (jwt, opaque) = (await _bench.IssueAsync("machine", ("organization", "acme")), await _bench.IssueAsync("opaque-machine", ("organization", "acme")));
        foreach (var replica in new[] { _bench.One, _bench.Two })
        {
            foreach (var (permission, organizationId) in new[] { ("invoices.read", "acme"), ("invoices.read", "globex"), ("invoices.create", "acme"), ("files.read", "acme") })
            {
                Assert.Equal(
                    await OpaqueBench.CheckAsync(replica, jwt, permission, organizationId),
                    await OpaqueBench.CheckAsync(replica, opaque, permission, organizationId));
            }

            Assert.True((await OpaqueBench.CheckAsync(replica, opaque, "invoices.read", "acme")).Allowed);
            var listed = await replica.Permissions.ListPermissionsAsync(new() { RealmId = "demo", AccessToken = opaque }, TokenReplica.Operator);
            Assert.Equal(["invoices.read"], listed.Permissions);
        }
    }

    [StorageFact]
    public async Task The_database_has_the_hash_and_is_asked_once_by_each_replica()
    {
        var token = await _bench.IssueAsync("opaque-machine");
        await _bench.One.IntrospectAsync("demo", token);

        Assert.Equal((0, 1), (await CountAsync(token), await CountAsync(OpaqueValue.Hash(token))));
        await using (var session = await _bench.Database.BeginWriteAsync(CancellationToken.None))
        {
            await session.ExecuteAsync("delete from opaque_token where realm_id = 'demo'", null, CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        Assert.NotEqual(OpaqueBench.Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.Equal(OpaqueBench.Inactive, await _bench.Two.IntrospectAsync("demo", token));
    }

    [StorageFact]
    public async Task A_wrong_hint_hides_nothing_but_an_api_never_takes_a_refresh_token_for_an_access_token()
    {
        var tokens = await _bench.UserTokensAsync();
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
        var jwt = await _bench.IssueAsync("machine");

        foreach (var hint in new[] { "access_token", "refresh_token", "unheard_of", null })
        {
            Assert.Equal(("Bearer", "Bearer"), (await TypeAsync(access, hint), await TypeAsync(jwt, hint)));
            Assert.Equal("refresh_token", await TypeAsync(refresh, hint, "web", TestRealm.WebSecret));
            Assert.Equal(hint == "refresh_token" ? "refresh_token" : null, await TypeAsync(refresh, hint));
            Assert.Null(await TypeAsync(OpaqueValue.New(), hint));
        }
    }

    [StorageFact]
    public async Task It_is_a_credential_like_a_jwt()
    {
        var (credential, token) = (await _bench.IssueAsync("opaque-api"), await _bench.IssueAsync("opaque-machine"));

        using var rest = await _bench.Two.PostAsync(OpaqueBench.Introspect, new AuthenticationHeaderValue("Bearer", credential), ("token", token));
        var grpc = await _bench.Two.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Bearer(credential));

        Assert.True((await TokenReplica.JsonAsync(rest)).GetProperty("active").GetBoolean());
        Assert.True(grpc.Active);
        Assert.Equal(
            (StatusCode.PermissionDenied, "PERMISSION_DENIED"),
            await Refusals.OfAsync(_bench.Two.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Bearer(token))));
        Assert.Equal(
            (StatusCode.Unauthenticated, "UNAUTHENTICATED"),
            await Refusals.OfAsync(_bench.Two.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Bearer(OpaqueValue.New()))));
        Assert.Equal(
            (StatusCode.Unauthenticated, "UNAUTHENTICATED"),
            await Refusals.OfAsync(_bench.Two.Tokens.IntrospectTokenAsync(new() { RealmId = "other", Token = token }, TokenReplica.Bearer(credential))));
    }

    /// <summary>Without what is each token's own.</summary>
    private static string Said(string answer) => System.Text.RegularExpressions.Regex.Replace(answer, "\"jti\":\"[^\"]*\"", "\"jti\":\"\"");

    private static async Task<Wire.IntrospectTokenResponse> IntrospectAsync(TokenReplica replica, string token) =>
        (await replica.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator)).Clone();

    private async Task<int> CountAsync(string tokenHash)
    {
        await using var session = await _bench.Database.OpenAsync(CancellationToken.None);
        return await session.QuerySingleOrDefaultAsync<int>(
            "select cast(count(*) as int) from opaque_token where realm_id = 'demo' and token_hash = @tokenHash", new { tokenHash }, CancellationToken.None);
    }

    private async Task<string?> TypeAsync(string token, string? hint, string clientId = "demo-api", string secret = TestRealm.ApiSecret)
    {
        (string, string)[] form = hint is null ? [("token", token)] : [("token", token), ("token_type_hint", hint)];
        using var response = await _bench.Two.PostAsync(OpaqueBench.Introspect, TokenReplica.Basic(clientId, secret), form);
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json.TryGetProperty("token_type", out var type) ? type.GetString() : null;
    }
}

public sealed class SqliteOpaqueTokenTests(SqliteTokenDatabase database) : OpaqueTokenContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresOpaqueTokenTests(PostgresTokenDatabase database) : OpaqueTokenContract(database), IClassFixture<PostgresTokenDatabase>;
