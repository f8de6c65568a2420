using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Grpc.Core;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Tokens.Opaque;

/// <summary>Opaque access tokens beside JWTs of the same content, on either engine and through two replicas.</summary>
public abstract class OpaqueTokenContract(TestDatabase database) : IAsyncLifetime
{
    private const string Inactive = """{"active":false}""";
    private const string Token = "/realms/demo/oauth2/token";
    private const string Revoke = "/realms/demo/oauth2/revoke";
    private const string Introspect = "/realms/demo/oauth2/introspect";

    private FlowBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is not null && database is not SqliteTestDatabase)
        {
            return;
        }

        _bench = await FlowBench.StartAsync(database);
        _bench.Consent.KnowsTheAnswer = true;
        foreach (var realmId in new[] { "demo", "other" })
        {
            var machine = TestRealm.Client(realmId, "machine", ["invoices.read", "invoices.create"], TestRealm.ServiceSecret);
            var web = TestRealm.Client(realmId, "web", ["invoices.read"], TestRealm.WebSecret) with
            {
                ClientType = ClientType.Web,
                GrantTypes = ["authorization_code", "refresh_token"],
                RedirectUris = [FlowBench.Callback],
                AccessTokenFormat = AccessTokenFormat.Opaque,
            };
            var api = TestRealm.Client(realmId, "opaque-api", [IamPermissions.TokensIntrospect, IamPermissions.PermissionsCheck], TestRealm.ApiSecret);
            var revision = _bench.Realms.Change(
                realmId,
                machine,
                machine with { ClientId = "opaque-machine", AccessTokenFormat = AccessTokenFormat.Opaque },
                web,
                api with { AccessTokenFormat = AccessTokenFormat.Opaque },
                TestRealm.Binding(realmId, "b-machine", MemberType.Client, "machine", "viewer", "acme"),
                TestRealm.Binding(realmId, "b-opaque-machine", MemberType.Client, "opaque-machine", "viewer", "acme"),
                TestRealm.Binding(realmId, "b-opaque-api", MemberType.Client, "opaque-api", IamPermissions.ResourceServerRole, null),
                TestRealm.Binding(realmId, "b-web", MemberType.Client, "web", IamPermissions.ResourceServerRole, null));
            await Task.WhenAll(_bench.One.ReachAsync(realmId, revision), _bench.Two.ReachAsync(realmId, revision));
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
    public async Task An_opaque_token_says_nothing_and_introspection_says_what_it_says_of_a_jwt()
    {
        var jwt = await IssueAsync("machine", ("organization", "acme"));
        var opaque = await IssueAsync("opaque-machine", ("organization", "acme"));

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
        var (jwt, opaque) = (await IssueAsync("machine", ("organization", "acme")), await IssueAsync("opaque-machine", ("organization", "acme")));
        foreach (var replica in new[] { _bench.One, _bench.Two })
        {
            foreach (var (permission, organizationId) in new[] { ("invoices.read", "acme"), ("invoices.read", "globex"), ("invoices.create", "acme"), ("files.read", "acme") })
            {
                Assert.Equal(
                    await CheckAsync(replica, jwt, permission, organizationId),
                    await CheckAsync(replica, opaque, permission, organizationId));
            }

            Assert.True((await CheckAsync(replica, opaque, "invoices.read", "acme")).Allowed);
            var listed = await replica.Permissions.ListPermissionsAsync(new() { RealmId = "demo", AccessToken = opaque }, TokenReplica.Operator);
            Assert.Equal(["invoices.read"], listed.Permissions);
        }
    }

    [StorageFact]
    public async Task The_database_has_the_hash_and_is_asked_once_by_each_replica()
    {
        var token = await IssueAsync("opaque-machine");
        await _bench.One.IntrospectAsync("demo", token);

        Assert.Equal((0, 1), (await CountAsync(token), await CountAsync(OpaqueValue.Hash(token))));
        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            await session.ExecuteAsync("delete from opaque_token where realm_id = 'demo'", null, CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        Assert.NotEqual(Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.Equal(Inactive, await _bench.Two.IntrospectAsync("demo", token));
    }

    [StorageFact]
    public async Task A_remembered_token_that_is_revoked_is_inactive_here_at_once_and_elsewhere_within_the_bound()
    {
        var token = await IssueAsync("opaque-machine");
        Assert.NotEqual(Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.NotEqual(Inactive, await _bench.Two.IntrospectAsync("demo", token));

        using var foreign = await _bench.Two.PostAsync(Revoke, TokenReplica.Basic("machine", TestRealm.ServiceSecret), ("token", token));
        Assert.NotEqual(Inactive, await _bench.Two.IntrospectAsync("demo", token));
        using var own = await _bench.Two.PostAsync(Revoke, TokenReplica.Basic("opaque-machine", TestRealm.ServiceSecret), ("token", token), ("token_type_hint", "refresh_token"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (foreign.StatusCode, own.StatusCode));
        Assert.Equal(Inactive, await _bench.Two.IntrospectAsync("demo", token));
        await UntilInactiveAsync(_bench.One, token);
        Assert.Equal(
            Wire.DecisionReason.TokenInactive,
            (await CheckAsync(_bench.One, token, "invoices.read", "acme")).Reason);
    }

    [StorageFact]
    public async Task An_administrator_revokes_any_over_grpc()
    {
        var token = await IssueAsync("opaque-machine");

        await _bench.One.Tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator);

        Assert.Equal(Inactive, await _bench.One.IntrospectAsync("demo", token));
    }

    [StorageFact]
    public async Task Another_realms_token_is_inactive_and_cannot_be_revoked()
    {
        using var issued = await _bench.One.PostAsync(
            "/realms/other/oauth2/token", TokenReplica.Basic("opaque-machine", TestRealm.ServiceSecret), ("grant_type", "client_credentials"));
        var token = (await TokenReplica.JsonAsync(issued)).GetProperty("access_token").GetString()!;
        Assert.NotEqual(Inactive, await _bench.One.IntrospectAsync("other", token));

        using var revoked = await _bench.One.PostAsync(Revoke, TokenReplica.Basic("opaque-machine", TestRealm.ServiceSecret), ("token", token));

        Assert.Equal(Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.Equal(Wire.DecisionReason.TokenInactive, (await CheckAsync(_bench.One, token, "invoices.read", "acme")).Reason);
        Assert.NotEqual(Inactive, await _bench.One.IntrospectAsync("other", token));
    }

    [StorageFact]
    public async Task It_ends_with_its_time_its_client_and_its_organization_but_not_with_its_clients_format()
    {
        var (token, tied) = (await IssueAsync("opaque-machine"), await IssueAsync("opaque-machine", ("organization", "acme")));
        var client = TestRealm.Client("demo", "opaque-machine", ["invoices.read"], TestRealm.ServiceSecret);

        await ChangeAsync(client with { AccessTokenFormat = AccessTokenFormat.Jwt });
        Assert.NotEqual(Inactive, await _bench.One.IntrospectAsync("demo", token));
        await ChangeAsync(client with { Disabled = true });
        Assert.Equal(Inactive, await _bench.One.IntrospectAsync("demo", token));
        await ChangeAsync(client, new Organization { RealmId = "demo", OrganizationId = "acme", Disabled = true });
        Assert.NotEqual(Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.Equal(Inactive, await _bench.One.IntrospectAsync("demo", tied));
        _bench.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Inactive, await _bench.One.IntrospectAsync("demo", token));
        Assert.Equal(Inactive, await _bench.Two.IntrospectAsync("demo", token));
    }

    [StorageFact]
    public async Task A_user_s_opaque_token_ends_with_its_refresh_token_and_a_code_that_comes_twice_ends_it()
    {
        var tokens = await UserTokensAsync();
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
        Assert.Contains("\"sub\":\"carol\"", await _bench.Two.IntrospectAsync("demo", access));

        using var refreshed = await RefreshAsync(refresh);
        using var again = await RefreshAsync(refresh);
        var next = (await TokenReplica.JsonAsync(refreshed)).GetProperty("access_token").GetString()!;
        Assert.Equal(next, (await TokenReplica.JsonAsync(again)).GetProperty("access_token").GetString());
        using var revoked = await _bench.One.PostAsync(
            Revoke, TokenReplica.Basic("web", TestRealm.WebSecret), ("token", refresh), ("token_type_hint", "access_token"));

        Assert.Equal(Inactive, await _bench.One.IntrospectAsync("demo", access));
        Assert.Equal(Inactive, await _bench.One.IntrospectAsync("demo", next));
        await UntilInactiveAsync(_bench.Two, access);
    }

    [StorageFact]
    public async Task Of_many_that_redeem_one_code_one_gets_a_token_and_it_is_revoked()
    {
        var code = await CodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using var response = await RedeemAsync(i % 2 == 0 ? _bench.One : _bench.Two, code);
            return (response.StatusCode, Json: await TokenReplica.JsonAsync(response));
        }));

        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        await UntilInactiveAsync(_bench.One, winner.Json.GetProperty("access_token").GetString()!);
    }

    [StorageFact]
    public async Task A_wrong_hint_hides_nothing_but_an_api_never_takes_a_refresh_token_for_an_access_token()
    {
        var tokens = await UserTokensAsync();
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
        var jwt = await IssueAsync("machine");

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
        var (credential, token) = (await IssueAsync("opaque-api"), await IssueAsync("opaque-machine"));

        using var rest = await _bench.Two.PostAsync(Introspect, new AuthenticationHeaderValue("Bearer", credential), ("token", token));
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

    private async Task<string> IssueAsync(string clientId, params (string Name, string Value)[] parameters) =>
        await _bench.One.IssueAsync("demo", clientId, clientId == "opaque-api" ? TestRealm.ApiSecret : TestRealm.ServiceSecret, parameters);

    /// <summary>Without what is each token's own.</summary>
    private static string Said(string answer) => System.Text.RegularExpressions.Regex.Replace(answer, "\"jti\":\"[^\"]*\"", "\"jti\":\"\"");

    private static async Task<Wire.IntrospectTokenResponse> IntrospectAsync(TokenReplica replica, string token) =>
        (await replica.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator)).Clone();

    private static async Task<Wire.CheckPermissionResponse> CheckAsync(TokenReplica replica, string token, string permission, string organizationId) =>
        await replica.Permissions.CheckPermissionAsync(
            new() { RealmId = "demo", AccessToken = token, Permission = permission, OrganizationId = organizationId }, TokenReplica.Operator);

    private async Task<int> CountAsync(string tokenHash)
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await session.QuerySingleOrDefaultAsync<int>(
            "select cast(count(*) as int) from opaque_token where realm_id = 'demo' and token_hash = @tokenHash", new { tokenHash }, CancellationToken.None);
    }

    private static async Task UntilInactiveAsync(TokenReplica replica, string token)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await replica.IntrospectAsync("demo", token) != Inactive)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private Task ChangeAsync(params IRealmResource[] upserts)
    {
        var revision = _bench.Realms.Change("demo", upserts);
        return Task.WhenAll(_bench.One.ReachAsync("demo", revision), _bench.Two.ReachAsync("demo", revision));
    }

    private async Task<string> CodeAsync()
    {
        using var browser = _bench.Browser();
        var page = await _bench.LogInAsync(browser, FlowBench.Parameters("web"));
        return page.Parameter("code") ?? throw new InvalidOperationException(page.Location);
    }

    private static Task<HttpResponseMessage> RedeemAsync(TokenReplica replica, string code) => replica.PostAsync(
        Token,
        TokenReplica.Basic("web", TestRealm.WebSecret),
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier));

    private Task<HttpResponseMessage> RefreshAsync(string refreshToken) => _bench.Two.PostAsync(
        Token, TokenReplica.Basic("web", TestRealm.WebSecret), ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    private async Task<JsonElement> UserTokensAsync()
    {
        using var response = await RedeemAsync(_bench.One, await CodeAsync());
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json;
    }

    private async Task<string?> TypeAsync(string token, string? hint, string clientId = "demo-api", string secret = TestRealm.ApiSecret)
    {
        (string, string)[] form = hint is null ? [("token", token)] : [("token", token), ("token_type_hint", hint)];
        using var response = await _bench.Two.PostAsync(Introspect, TokenReplica.Basic(clientId, secret), form);
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json.TryGetProperty("token_type", out var type) ? type.GetString() : null;
    }
}

public sealed class SqliteOpaqueTokenTests(SqliteTokenDatabase database) : OpaqueTokenContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresOpaqueTokenTests(PostgresTokenDatabase database) : OpaqueTokenContract(database), IClassFixture<PostgresTokenDatabase>;
