using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using Pltfrms.Iam.Common.Jose;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Keys;

/// <summary>Keys as operators, clients and resource servers see them, through two replicas on either engine.</summary>
public abstract class KeyServiceContract(TestDatabase database) : IAsyncLifetime
{
    private const string Inactive = """{"active":false}""";

    private readonly TestRealmFeed _realms = new();
    private readonly FakeClock _clock = new();
    private readonly string _realmId = $"realm-{Guid.NewGuid():n}";
    private TokenReplica _one = null!;
    private TokenReplica _two = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is not null && database is not SqliteTestDatabase)
        {
            return;
        }

        _realms.Set(_realmId, TestRealm.Resources(_realmId));
        _realms.Change(_realmId, [.. SignatureAlgorithms.All.Select(algorithm =>
            TestRealm.Client(_realmId, algorithm, ["invoices.read"], TestRealm.ServiceSecret) with { AccessTokenSignedResponseAlg = algorithm })]);
        _one = await TokenReplica.StartAsync(database.Settings, _realms, _clock);
        _two = await TokenReplica.StartAsync(database.Settings, _realms, _clock);
    }

    public async Task DisposeAsync()
    {
        if (_one is not null)
        {
            await _one.DisposeAsync();
            await _two.DisposeAsync();
        }
    }

    [StorageTheory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task A_clients_tokens_are_signed_with_its_algorithm_and_both_replicas_and_the_key_set_know_the_key(string algorithm)
    {
        var token = await _one.IssueAsync(_realmId, algorithm, TestRealm.ServiceSecret);

        var header = HeaderOf(token);
        Assert.Equal((algorithm, "at+jwt"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        foreach (var replica in new[] { _one, _two })
        {
            var published = (await KeySetAsync(replica)).Single(key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
            Assert.Equal((algorithm, "sig"), (published.GetProperty("alg").GetString(), published.GetProperty("use").GetString()));
            Assert.DoesNotContain(published.EnumerateObject(), member => member.Name is "d" or "p" or "q" or "dp" or "dq" or "qi");
            Assert.NotEqual(Inactive, await replica.IntrospectAsync(_realmId, token));
        }
    }

    [StorageFact]
    public async Task The_successor_takes_over_on_demand_and_tokens_of_the_one_before_stay_good()
    {
        var token = await _one.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret);
        var kid = HeaderOf(token).GetProperty("kid").GetString()!;
        var before = (await _one.Keys.ListKeysAsync(new() { RealmId = _realmId }, TokenReplica.Operator)).Keys;
        _clock.Advance(TimeSpan.FromMinutes(6));

        var rotated = (await _one.Keys.RotateKeyAsync(new() { RealmId = _realmId, KeyId = kid }, TokenReplica.Operator)).Keys;
        var again = (await _one.Keys.RotateKeyAsync(new() { RealmId = _realmId, KeyId = kid }, TokenReplica.Operator)).Keys;
        var next = await _one.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret);

        Assert.Equal([(kid, Wire.KeyStage.Signing), (before[1].KeyId, Wire.KeyStage.Announced)], before.Select(key => (key.KeyId, key.Stage)));
        Assert.Equal(
            [(kid, Wire.KeyStage.Retiring), (before[1].KeyId, Wire.KeyStage.Signing), (rotated[2].KeyId, Wire.KeyStage.Announced)],
            rotated.Select(key => (key.KeyId, key.Stage)));
        Assert.Equal(rotated, again);
        Assert.Equal(before[1].KeyId, HeaderOf(next).GetProperty("kid").GetString());
        Assert.Contains(kid, (await KeySetAsync(_one)).Select(key => key.GetProperty("kid").GetString()));
        Assert.NotEqual(Inactive, await _two.IntrospectAsync(_realmId, next));
    }

    [StorageFact]
    public async Task Tokens_of_a_revoked_key_are_refused_everywhere_cached_or_not_and_new_ones_are_good()
    {
        await _one.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret);
        // So that the successor has been announced for long enough.
        _clock.Advance(TimeSpan.FromMinutes(6));
        var token = await _one.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret, ("organization", "acme"));
        var unseen = await _one.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret, ("organization", "acme"));
        var other = await _one.IssueAsync(_realmId, "demo-api", TestRealm.ApiSecret);
        var kid = HeaderOf(token).GetProperty("kid").GetString()!;
        foreach (var replica in new[] { _one, _two })
        {
            Assert.True(await IsAllowedAsync(replica, token));
            Assert.NotEqual(Inactive, await replica.IntrospectAsync(_realmId, token));
        }

        var keys = (await _one.Keys.RevokeKeyAsync(new() { RealmId = _realmId, KeyId = kid }, TokenReplica.Operator)).Keys;

        Assert.Equal([Wire.KeyStage.Revoked, Wire.KeyStage.Signing, Wire.KeyStage.Announced], keys.Select(key => key.Stage));
        foreach (var replica in new[] { _one, _two })
        {
            // At once where it was called, and elsewhere within the freshness bound.
            await UntilAsync(async () => !await IsAllowedAsync(replica, token), atOnce: replica == _one);
            await UntilAsync(async () => await replica.IntrospectAsync(_realmId, token) == Inactive, atOnce: replica == _one);
            await UntilAsync(async () => await replica.IntrospectAsync(_realmId, unseen) == Inactive, atOnce: replica == _one);
            await UntilAsync(
                async () => (await KeySetAsync(replica)).All(key => key.GetProperty("kid").GetString() != kid), atOnce: replica == _one);
            // A credential of the suite's own API is a token like any other.
            await UntilAsync(
                async () => await StatusOfAsync(replica.Tokens.IntrospectTokenAsync(new() { RealmId = _realmId, Token = token }, TokenReplica.Bearer(other)))
                    == StatusCode.Unauthenticated,
                atOnce: replica == _one);
        }

        foreach (var issuing in new[] { _one, _two })
        {
            var fresh = await issuing.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret, ("organization", "acme"));
            Assert.Equal(keys[1].KeyId, HeaderOf(fresh).GetProperty("kid").GetString());
            Assert.True(await IsAllowedAsync(_one, fresh));
            Assert.True(await IsAllowedAsync(_two, fresh));
        }

        Assert.Equal(keys, (await _one.Keys.RevokeKeyAsync(new() { RealmId = _realmId, KeyId = kid }, TokenReplica.Operator)).Keys);
    }

    [StorageFact]
    public async Task A_replica_without_word_of_the_revocation_asks_for_each_token()
    {
        var settings = new Dictionary<string, string?>(database.Settings)
        {
            ["Token:RevocationPollInterval"] = "00:00:00.001",
            ["Token:RevocationStaleAfter"] = "00:00:00.001",
        };
        await using var asking = await TokenReplica.StartAsync(settings, _realms, _clock);
        var token = await _one.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret);
        Assert.NotEqual(Inactive, await asking.IntrospectAsync(_realmId, token));

        await _one.Keys.RevokeKeyAsync(new() { RealmId = _realmId, KeyId = HeaderOf(token).GetProperty("kid").GetString() }, TokenReplica.Operator);
        await Task.Delay(TimeSpan.FromMilliseconds(20));

        Assert.Equal(Inactive, await asking.IntrospectAsync(_realmId, token));
    }

    [StorageFact]
    public async Task What_happened_is_told_with_who_did_it()
    {
        var kid = HeaderOf(await _one.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret)).GetProperty("kid").GetString()!;
        _clock.Advance(TimeSpan.FromMinutes(6));
        var administrator = TokenReplica.Bearer(await _one.IssueAsync(_realmId, "demo-operator", TestRealm.OperatorSecret));

        await _one.Keys.RotateKeyAsync(new() { RealmId = _realmId }, administrator);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await _one.Keys.RevokeKeyAsync(new() { RealmId = _realmId, KeyId = kid }, TokenReplica.Operator);
        var events = (await _one.Keys.ListKeyEventsAsync(new() { RealmId = _realmId }, TokenReplica.Operator)).Events;
        var page = await _one.Keys.ListKeyEventsAsync(new() { RealmId = _realmId, PageSize = 1 }, TokenReplica.Operator);

        Assert.Equal((Wire.KeyEventKind.Revoked, kid, "operator"), (events[0].Kind, events[0].KeyId, events[0].ActorKind));
        Assert.Equal(
            [(Wire.KeyEventKind.Made, "token", "demo-operator"), (Wire.KeyEventKind.BroughtForward, "token", "demo-operator")],
            events.Skip(1).Take(2).OrderBy(e => e.Kind).Select(e => (e.Kind, e.ActorKind, e.ActorId)));
        Assert.Equal(
            [(Wire.KeyEventKind.Made, "service", "token"), (Wire.KeyEventKind.Made, "service", "token")], events.Skip(3).Select(e => (e.Kind, e.ActorKind, e.ActorId)));
        Assert.Equal([events[0]], page.Events);
        Assert.Equal(
            events[1], (await _one.Keys.ListKeyEventsAsync(new() { RealmId = _realmId, PageSize = 1, PageToken = page.NextPageToken }, TokenReplica.Operator)).Events.Single());
    }

    [StorageFact]
    public async Task What_cannot_be_done_says_why()
    {
        Assert.Equal(["algorithm"], await Refusals.FieldsOfAsync(_one.Keys.RotateKeyAsync(new() { RealmId = _realmId, Algorithm = "HS256" }, TokenReplica.Operator)));
        Assert.Equal(["key_id"], await Refusals.FieldsOfAsync(_one.Keys.RevokeKeyAsync(new() { RealmId = _realmId }, TokenReplica.Operator)));
        Assert.Equal(["page_size"], await Refusals.FieldsOfAsync(_one.Keys.ListKeyEventsAsync(new() { RealmId = _realmId, PageSize = 1001 }, TokenReplica.Operator)));
        Assert.Equal(
            (StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN"),
            await Refusals.OfAsync(_one.Keys.ListKeyEventsAsync(new() { RealmId = _realmId, PageToken = "x" }, TokenReplica.Operator)));
        Assert.Equal(
            (StatusCode.NotFound, "RESOURCE_NOT_FOUND"),
            await Refusals.OfAsync(_one.Keys.RotateKeyAsync(new() { RealmId = _realmId, Algorithm = "RS256" }, TokenReplica.Operator)));
        Assert.Equal(
            (StatusCode.NotFound, "RESOURCE_NOT_FOUND"),
            await Refusals.OfAsync(_one.Keys.RevokeKeyAsync(new() { RealmId = _realmId, KeyId = "unknown" }, TokenReplica.Operator)));
        Assert.Equal((StatusCode.NotFound, "REALM_NOT_FOUND"), await Refusals.OfAsync(_one.Keys.ListKeysAsync(new() { RealmId = "unknown" }, TokenReplica.Operator)));
    }

    [StorageFact]
    public async Task Who_may_not_administer_keys_is_refused()
    {
        var service = TokenReplica.Bearer(await _one.IssueAsync(_realmId, "demo-service", TestRealm.ServiceSecret));
        var organization = TokenReplica.Bearer(await _one.IssueAsync(_realmId, "demo-operator", TestRealm.OperatorSecret, ("organization", "acme")));

        foreach (var caller in new[] { service, organization })
        {
            Assert.Equal(StatusCode.PermissionDenied, await StatusOfAsync(_one.Keys.ListKeysAsync(new() { RealmId = _realmId }, caller)));
            Assert.Equal(StatusCode.PermissionDenied, await StatusOfAsync(_one.Keys.RotateKeyAsync(new() { RealmId = _realmId }, caller)));
            Assert.Equal(StatusCode.PermissionDenied, await StatusOfAsync(_one.Keys.RevokeKeyAsync(new() { RealmId = _realmId, KeyId = "k" }, caller)));
            Assert.Equal(StatusCode.PermissionDenied, await StatusOfAsync(_one.Keys.ListKeyEventsAsync(new() { RealmId = _realmId }, caller)));
        }
    }

    private static async Task<StatusCode> StatusOfAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }

    private async Task<bool> IsAllowedAsync(TokenReplica replica, string token) => (await replica.Permissions.CheckPermissionAsync(
        new() { RealmId = _realmId, AccessToken = token, Permission = "invoices.read", OrganizationId = "acme" }, TokenReplica.Operator)).Allowed;

    private async Task<IReadOnlyList<JsonElement>> KeySetAsync(TokenReplica replica)
    {
        using var document = JsonDocument.Parse(await replica.Http.GetStringAsync($"/realms/{_realmId}/oauth2/jwks"));
        return [.. document.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.Clone())];
    }

    private static JsonElement HeaderOf(string token)
    {
        using var document = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.'))));
        return document.RootElement.Clone();
    }

    /// <summary>Gives up long after every bound that could delay it.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds, bool atOnce)
    {
        var waiting = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(!atOnce && waiting.Elapsed < TimeSpan.FromSeconds(30), "it does not hold");
            await Task.Delay(20);
        }
    }
}

public sealed class SqliteKeyServiceTests(SqliteTokenDatabase database) : KeyServiceContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresKeyServiceTests(PostgresTokenDatabase database) : KeyServiceContract(database), IClassFixture<PostgresTokenDatabase>;
