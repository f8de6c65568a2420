using System.Buffers.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using Testing;
using DecisionReason = Pltfrms.Iam.Client.DecisionReason;

namespace Suite.Tests;

/// <summary>The client's local mode beside a running suite: it decides what the token service decides, and hears of what changes.</summary>
public sealed class LocalModeTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>, IAsyncLifetime
{
    private static readonly string[] Permissions = ["invoices.read", "invoices.create", "invoices.approve", "payments.refund", "iam.permissions.check", "nobody.knows"];
    private static readonly string?[] Organizations = [null, "acme", "acme-retail", "globex", "nowhere"];

    private ServiceProvider _provider = null!;

    private SuiteProcess Suite => fixture.Suite;

    private IamClient Iam => _provider.GetRequiredService<IamClient>();

    public async Task InitializeAsync()
    {
        await Demo.ImportEverywhereAsync(Suite, document => document);
        var services = new ServiceCollection().AddPltfrmsIam(options =>
        {
            options.Address = new($"http://127.0.0.1:{Suite.Ports.TokenGrpc}");
            (options.RealmId, options.ClientId, options.ClientSecret) = ("demo", "demo-api", Demo.ApiSecret);
            (options.Mode, options.Timeout) = (IamMode.Local, TimeSpan.FromSeconds(20));
            // A busy machine keeps heartbeats waiting.
            options.FeedStaleAfter = TimeSpan.FromSeconds(20);
        });
        services.AddHealthChecks().AddPltfrmsIam();
        _provider = services.BuildServiceProvider();
        _ = Iam;
        await IsLocalAsync();
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task It_decides_what_the_token_service_decides_and_hears_of_what_changes()
    {
        string[] tokens =
        [
            await Demo.TokenAsync(Suite, "demo-service", Demo.ServiceSecret),
            await Demo.TokenAsync(Suite, "demo-service", Demo.ServiceSecret, "acme"),
            await Demo.TokenAsync(Suite, "demo-api", Demo.ApiSecret),
            await Demo.TokenAsync(Suite, "demo-operator", Demo.OperatorSecret),
            "no-token",
        ];
        await CompareAsync(tokens, minRevision: 0);

        var removed = await Demo.ImportAsync(Suite, Suite.Operator, document => document.Replace(Demo.ServiceBinding, "", StringComparison.Ordinal));
        await CompareAsync(tokens, removed);
        Assert.Equal(DecisionReason.PermissionNotAssigned, (await CheckAsync(tokens[1], "invoices.create", "acme", removed)).Reason);

        var given = await Demo.ImportAsync(Suite, Suite.Operator, document => document);
        await CompareAsync(tokens, given);
        Assert.Equal(DecisionReason.Allowed, (await CheckAsync(tokens[1], "invoices.create", "acme", given)).Reason);
    }

    [Fact]
    public async Task A_revoked_token_is_refused_as_soon_as_the_stream_tells_of_it()
    {
        var token = await Demo.TokenAsync(Suite, "demo-service", Demo.ServiceSecret, "acme");
        Assert.True((await CheckAsync(token, "invoices.create", "acme", 0)).Allowed);
        Assert.True((await Iam.IntrospectAsync(token, CancellationToken.None)).Active);

        await new TokenService.TokenServiceClient(Suite.Token).RevokeTokenAsync(new() { RealmId = "demo", Token = token }, Suite.Operator);

        await UntilAsync(async () => (await CheckAsync(token, "invoices.create", "acme", 0)).Reason == DecisionReason.TokenInactive);
        Assert.False((await Iam.IntrospectAsync(token, CancellationToken.None)).Active);
    }

    [Fact]
    public async Task A_suite_that_was_killed_is_decided_about_as_long_as_what_is_known_is_fresh_and_again_when_it_is_back()
    {
        var token = await Demo.TokenAsync(Suite, "demo-service", Demo.ServiceSecret, "acme");
        Assert.True((await CheckAsync(token, "invoices.create", "acme", 0)).Allowed);

        await Suite.KillAsync();
        await Assert.ThrowsAsync<IamUnavailableException>(() => CheckAsync(token, "payments.unknown", "acme", 0));
        await fixture.StartAgainAsync();
        var removed = await Demo.ImportAsync(Suite, Suite.Operator, document => document.Replace(Demo.ServiceBinding, "", StringComparison.Ordinal));

        Assert.Equal(DecisionReason.PermissionNotAssigned, (await CheckAsync(token, "invoices.create", "acme", removed)).Reason);
        await IsLocalAsync();
        Assert.Equal(DecisionReason.PermissionNotAssigned, (await CheckAsync(token, "invoices.create", "acme", 0)).Reason);
    }

    [Fact]
    public async Task A_key_that_was_rotated_or_revoked_leaves_no_gap_and_no_trace()
    {
        var keys = new KeyService.KeyServiceClient(Suite.Token);
        var before = await Demo.TokenAsync(Suite, "demo-service", Demo.ServiceSecret, "acme");
        Assert.True((await CheckAsync(before, "invoices.create", "acme", 0)).Allowed);

        await keys.RotateKeyAsync(new() { RealmId = "demo" }, Suite.Operator);
        Assert.True((await CheckAsync(before, "invoices.create", "acme", 0)).Allowed);
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(before.Split('.')[0]));
        await keys.RevokeKeyAsync(new() { RealmId = "demo", KeyId = header.RootElement.GetProperty("kid").GetString()! }, Suite.Operator);

        await UntilAsync(async () => (await CheckAsync(before, "invoices.create", "acme", 0)).Reason == DecisionReason.TokenInactive);
        var after = await SignedAgainAsync();
        Assert.True((await CheckAsync(after, "invoices.create", "acme", 0)).Allowed);
    }

    [Fact]
    public async Task A_realm_that_was_disabled_at_a_revision_allows_nothing_at_that_revision()
    {
        var token = await Demo.TokenAsync(Suite, "demo-service", Demo.ServiceSecret, "acme");
        Assert.True((await CheckAsync(token, "invoices.create", "acme", 0)).Allowed);

        var refused = await RefusalAsync(token, await DisableAsync(true));
        var enabled = await DisableAsync(false);

        Assert.Equal(IamErrorReason.RealmNotFound, refused?.Reason);
        // The token service hears of it a moment later, and gives this client no token before.
        await UntilAsync(async () => await RefusalAsync(token, enabled) is null);
        Assert.True((await CheckAsync(token, "invoices.create", "acme", enabled)).Allowed);
    }

    private async Task<IamClientException?> RefusalAsync(string token, long minRevision)
    {
        try
        {
            await CheckAsync(token, "invoices.create", "acme", minRevision);
            return null;
        }
        catch (IamClientException refusal)
        {
            return refusal;
        }
    }

    private async Task<long> DisableAsync(bool disabled) => (await new RealmService.RealmServiceClient(Suite.RealmAdmin).UpdateRealmAsync(
        new() { Realm = new() { RealmId = "demo", Disabled = disabled }, UpdateMask = new() { Paths = { "disabled" } } }, Suite.Operator)).Realm.Revision;

    /// <summary>A key that was announced a moment ago does not sign yet.</summary>
    private async Task<string> SignedAgainAsync()
    {
        string? token = null;
        await UntilAsync(async () =>
        {
            try
            {
                token = await Demo.TokenAsync(Suite, "demo-service", Demo.ServiceSecret, "acme");
            }
            catch (RpcException soon) when (soon.StatusCode == StatusCode.Unavailable)
            {
            }
            return token is not null;
        });
        return token!;
    }

    private async Task CompareAsync(string[] tokens, long minRevision)
    {
        PermissionSubject[] subjects =
        [
            .. tokens.Select(PermissionSubject.AccessToken),
            PermissionSubject.User("alice"), PermissionSubject.User("bob"), PermissionSubject.User("carol"), PermissionSubject.User("nobody"),
            PermissionSubject.Client("demo-service"), PermissionSubject.Client("nobody"),
        ];
        PermissionCheck[] checks =
        [
            .. from subject in subjects
               from permission in Permissions
               from organization in Organizations
               select new PermissionCheck { Subject = subject, Permission = permission, OrganizationId = organization, MinRevision = minRevision },
        ];
        var remote = await Iam.BatchCheckPermissionsAsync(checks, minRevision, CancellationToken.None);
        foreach (var (check, expected) in checks.Zip(remote))
        {
            var decided = await Iam.CheckPermissionAsync(check, CancellationToken.None);
            Assert.True(
                (decided.Allowed, decided.Reason) == (expected.Allowed, expected.Reason),
                $"{check.Subject} {check.Permission} in {check.OrganizationId}: {decided.Reason}, and remotely {expected.Reason}");
        }
        foreach (var token in tokens)
        {
            var (local, told) = (await IntrospectAsync(token, IamMode.Local), await IntrospectAsync(token, IamMode.Remote));
            Assert.Equivalent(told with { AnsweredAt = default }, local with { AnsweredAt = default }, strict: true);
        }

        Task<Introspection> IntrospectAsync(string token, IamMode mode) => Iam.IntrospectAsync(token, minRevision, mode, CancellationToken.None);
    }

    private Task<PermissionDecision> CheckAsync(string token, string permission, string organizationId, long minRevision) => Iam.CheckPermissionAsync(
        new() { Subject = PermissionSubject.AccessToken(token), Permission = permission, OrganizationId = organizationId, MinRevision = minRevision },
        CancellationToken.None);

    private Task IsLocalAsync() => UntilAsync(async () =>
        (await _provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status == HealthStatus.Healthy);

    private static Task UntilAsync(Func<Task<bool>> condition) => Waiting.UntilAsync(condition, TimeSpan.FromSeconds(120));
}
