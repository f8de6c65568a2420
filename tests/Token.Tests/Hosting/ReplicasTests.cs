using System.Diagnostics;
using System.Net;
using Grpc.Core;
using Testing;
using Testing.Databases;
using Token.Tests.OAuth;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Hosting;

/// <summary>Two token services on one PostgreSQL database.</summary>
[NeedsPostgres]
public sealed class ReplicasTests : IAsyncLifetime
{
    private const string Inactive = """{"active":false}""";

    private readonly StoppablePostgresTokenDatabase _database = new();
    private readonly TestRealmFeed _realms = new();
    private readonly FakeClock _clock = new();
    private TokenReplica _one = null!;
    private TokenReplica _two = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is not null)
        {
            return;
        }

        await _database.InitializeAsync();
        _realms.Set("demo", TestRealm.Resources("demo"));
        _one = await TokenReplica.StartAsync(_database.Settings, _realms, _clock);
        _two = await TokenReplica.StartAsync(_database.Settings, _realms, _clock);
    }

    public async Task DisposeAsync()
    {
        if (PostgresInstallation.SkipReason is not null)
        {
            return;
        }

        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _database.DisposeAsync();
    }

    [StorageFact]
    public async Task A_token_issued_by_one_is_active_at_the_other_until_either_revokes_it()
    {
        var token = await _one.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret);
        Assert.NotEqual(Inactive, await _two.IntrospectAsync("demo", token));

        using var revoked = await _one.PostAsync("/realms/demo/oauth2/revoke", TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("token", token));

        Assert.Equal(Inactive, await _one.IntrospectAsync("demo", token));
        await WithinFreshnessAsync(async () => await _two.IntrospectAsync("demo", token) == Inactive);
    }

    [StorageFact]
    public async Task Both_publish_the_same_key() =>
        Assert.Equal(await _one.Http.GetStringAsync("/realms/demo/oauth2/jwks"), await _two.Http.GetStringAsync("/realms/demo/oauth2/jwks"));

    [StorageFact]
    public async Task Without_the_database_what_needs_it_says_so_and_the_rest_goes_on()
    {
        var token = await _one.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret);
        Assert.NotEqual(Inactive, await _one.IntrospectAsync("demo", token));
        var keys = await _one.Http.GetStringAsync("/realms/demo/oauth2/jwks");

        _database.Stop();
        using var revocation = await _one.PostAsync("/realms/demo/oauth2/revoke", TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("token", token));
        await TokenEndpointTests.AssertRefusedAsync(revocation, 503, "temporarily_unavailable");
        await WithinFreshnessAsync(async () =>
        {
            using var introspection = await _one.PostAsync("/realms/demo/oauth2/introspect", TokenReplica.Basic("demo-api", TestRealm.ApiSecret), ("token", token));
            return introspection.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        var check = new Wire.CheckPermissionRequest { RealmId = "demo", AccessToken = token, Permission = "invoices.read" };
        var principal = new Wire.CheckPermissionRequest { RealmId = "demo", UserId = "carol", Permission = "invoices.read" };

        Assert.Equal((StatusCode.Unavailable, "STORAGE_UNAVAILABLE"), await Refusals.OfAsync(_one.Permissions.CheckPermissionAsync(check, TokenReplica.Operator)));
        Assert.True((await _one.Permissions.CheckPermissionAsync(principal, TokenReplica.Operator)).Allowed);
        Assert.Equal(Inactive, await _one.IntrospectAsync("demo", "garbage"));
        Assert.Equal(keys, await _one.Http.GetStringAsync("/realms/demo/oauth2/jwks"));
        Assert.NotEmpty(await _one.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret));

        _database.Start();
        await WithinFreshnessAsync(async () =>
        {
            using var introspection = await _one.PostAsync("/realms/demo/oauth2/introspect", TokenReplica.Basic("demo-api", TestRealm.ApiSecret), ("token", token));
            return introspection.StatusCode == HttpStatusCode.OK;
        });
    }

    [StorageFact]
    public async Task Without_realm_admin_nothing_is_decided_but_keys_and_metadata_are_known()
    {
        var token = await _one.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret);
        _realms.IsDown = true;
        var request = new Wire.IntrospectTokenRequest { RealmId = "demo", Token = token };

        await WithinFreshnessAsync(async () =>
        {
            try
            {
                await _one.Tokens.IntrospectTokenAsync(request, TokenReplica.Operator);
                return false;
            }
            catch (RpcException exception)
            {
                return exception.StatusCode == StatusCode.Unavailable;
            }
        });
        using var issue = await _one.PostAsync(
            "/realms/demo/oauth2/token", TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("grant_type", "client_credentials"));

        await TokenEndpointTests.AssertRefusedAsync(issue, 503, "temporarily_unavailable");
        Assert.Equal("1", issue.Headers.RetryAfter!.ToString());
        Assert.NotEmpty(await _one.Http.GetStringAsync("/realms/demo/oauth2/jwks"));
        Assert.NotEmpty(await _one.Http.GetStringAsync("/realms/demo/.well-known/oauth-authorization-server"));
        using var revocation = await _one.PostAsync("/realms/demo/oauth2/revoke", TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("token", token));
        await TokenEndpointTests.AssertRefusedAsync(revocation, 503, "temporarily_unavailable");
    }

    /// <summary>Until it holds; gives up long after every bound that could delay it.</summary>
    private static async Task WithinFreshnessAsync(Func<Task<bool>> holds)
    {
        var waiting = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(waiting.Elapsed < TimeSpan.FromSeconds(30), "it never holds");
            await Task.Delay(20);
        }
    }
}
