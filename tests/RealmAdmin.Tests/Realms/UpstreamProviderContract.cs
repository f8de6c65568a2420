using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Realms;

/// <summary>The OpenID provider of a realm: what is kept of it, who may know its secret, and whom its users are.</summary>
public abstract class UpstreamProviderContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Issuer = "https://op.example";
    private const string Secret = "a secret of the provider's making";
    private const string Document = """
        acr_values: [pwd, mfa]
        login_settings:
          upstream:
            issuer: https://op.example
            client_id: the realm
            client_secret: a secret of the provider's making
            scopes: [email]
            create_users: true
            roles_claim: groups
            role_mappings: {"Staff: all": reader, boss: reader}
            acr_mappings: {"urn:mfa": mfa}
        resource_servers: [{audience: "https://api.example", permissions: [{permission: a.read}]}]
        roles: [{role_id: reader, permissions: [a.read]}]
        users: [{user_id: ada, external_identities: [{issuer: "https://op.example", subject: sub-ada}]}, {user_id: sub-new}]
        """;

    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _admin = new AdminCalls(_server);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task A_secret_goes_in_and_comes_out_sealed_and_in_the_feed_only()
    {
        var realmId = await _admin.NewRealmAsync(Document);

        var exported = (await _admin.CallAsync<ExportRealmResponse>(new ExportRealmRequest { RealmId = realmId })).Document;
        var shown = await RealmAsync(realmId);
        var events = await _admin.CallAsync<ListEventsResponse>(new ListEventsRequest { RealmId = realmId });

        Assert.All([exported, shown.ToString(), events.ToString()], text => Assert.DoesNotContain(Secret, text));
        Assert.DoesNotContain("secret", exported);
        Assert.Equal(("", true), (shown.LoginSettings.Upstream.ClientSecret, shown.LoginSettings.Upstream.SealedClientSecret.IsEmpty));
        Assert.DoesNotContain("sealed_client_secret", events.ToString());
        var inFeed = await SealedAsync(realmId);
        Assert.Equal(1 + 12 + 16 + Secret.Length, inFeed.Length);
        Assert.DoesNotContain(Secret, System.Text.Encoding.Latin1.GetString(inFeed));

        // The document with the secret, and the export without it, change nothing.
        Assert.Empty((await _server.ImportAsync(realmId, $"realm_id: {realmId}\n{Document}")).Changes);
        Assert.Empty((await _server.ImportAsync(realmId, exported)).Changes);
        Assert.Equal(inFeed, await SealedAsync(realmId));
        Assert.Contains("\n      boss: reader\n", exported);
        Assert.Contains("\n      \"Staff: all\": reader\n", exported);
    }

    [StorageFact]
    public async Task A_new_secret_replaces_the_old_one_and_the_audit_trail_says_that_and_no_more()
    {
        var realmId = await _admin.NewRealmAsync(Document);
        var before = await SealedAsync(realmId);
        var settings = (await RealmAsync(realmId)).LoginSettings;

        // Without a secret: as stored.
        settings.Upstream.CreateUsers = false;
        await UpdateAsync(realmId, settings);
        Assert.Equal(before, await SealedAsync(realmId));
        settings.Upstream.ClientSecret = "another";
        var updated = await UpdateAsync(realmId, settings);

        Assert.Equal("", updated.LoginSettings.Upstream.ClientSecret);
        Assert.NotEqual(before, await SealedAsync(realmId));
        var events = (await _admin.CallAsync<ListEventsResponse>(new ListEventsRequest { RealmId = realmId })).Events;
        var change = Assert.Single(events, e => e.Revision == 3).Fields.Single();
        Assert.Equal("login_settings", change.Field);
        Assert.Contains("client_secret_version", change.After);
        Assert.NotEqual(change.Before, change.After);
        Assert.DoesNotContain("another", change.After);
    }

    [StorageFact]
    public async Task A_secret_is_never_given_to_another_provider_or_client()
    {
        var realmId = await _admin.NewRealmAsync(Document);
        var settings = (await RealmAsync(realmId)).LoginSettings;

        var moved = settings.Clone();
        moved.Upstream.Issuer = "https://evil.example";
        await UpdateAsync(realmId, moved);
        Assert.Empty(await SealedAsync(realmId));
        // And it is gone: back at the old provider it is not there any more.
        await UpdateAsync(realmId, settings);
        Assert.Empty(await SealedAsync(realmId));

        settings.Upstream.ClientSecret = Secret;
        await UpdateAsync(realmId, settings);
        var renamed = settings.Clone();
        (renamed.Upstream.ClientId, renamed.Upstream.ClientSecret) = ("another", "");
        await UpdateAsync(realmId, renamed);
        Assert.Empty(await SealedAsync(realmId));

        // Nor is a sealed one taken from anybody.
        renamed.Upstream.SealedClientSecret = Google.Protobuf.ByteString.CopyFromUtf8(new string('x', 60));
        var refusal = await _admin.RefusalAsync(Update(realmId, renamed));
        Assert.Equal(("INVALID_ARGUMENT", "realm.login_settings.upstream.sealed_client_secret"), (refusal.Reason, Assert.Single(refusal.Fields)));
    }

    [StorageFact]
    public async Task Without_a_key_no_secret_is_taken()
    {
        await using var server = await RealmAdminServer.StartAsync(new Dictionary<string, string?>(fixture.Settings) { ["Secrets:KeyFile"] = null });
        var (admin, realmId) = (new AdminCalls(server), Samples.NewRealmId());
        await server.ImportAsync(realmId, $"realm_id: {realmId}\n");

        var imported = await Assert.ThrowsAsync<RpcException>(() => server.ImportAsync(realmId, $"realm_id: {realmId}\n{Document}"));
        var settings = new LoginSettings { Upstream = new() { Issuer = Issuer, ClientId = "c", ClientSecret = "s" } };
        var updated = await admin.RefusalAsync(Update(realmId, settings));
        var created = await admin.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = Samples.NewRealmId(), LoginSettings = settings } });

        Assert.Equal(StatusCode.InvalidArgument, imported.StatusCode);
        Assert.All([updated, created], refusal =>
            Assert.Equal(("INVALID_ARGUMENT", "login_settings.upstream.client_secret"), (refusal.Reason, Assert.Single(refusal.Fields))));
    }

    [StorageFact]
    public async Task Of_many_first_logins_at_once_one_makes_the_user()
    {
        var realmId = await _admin.NewRealmAsync(Document);
        var first = new ResolveUserRequest
        {
            RealmId = realmId,
            ExternalIdentity = new() { Issuer = Issuer, Subject = "sub-new" },
            DisplayName = "New\nline",
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => _admin.CallAsync<ResolveUserResponse>(first))));
        var known = await _admin.CallAsync<ResolveUserResponse>(
            new ResolveUserRequest { RealmId = realmId, ExternalIdentity = new() { Issuer = Issuer, Subject = "sub-ada" } });

        var made = Assert.Single(answers.Distinct());
        Assert.Equal(2, made.Revision);
        Assert.Equal(("ada", 2L), (known.UserId, known.Revision));
        // Nobody becomes the user whose id their subject happens to be.
        Assert.NotEqual("sub-new", made.UserId);
        var user = (await _admin.CallAsync<GetUserResponse>(new GetUserRequest { RealmId = realmId, UserId = made.UserId })).User;
        Assert.Equal(("", false, "sub-new"), (user.DisplayName, user.Disabled, Assert.Single(user.ExternalIdentities).Subject));
        Assert.Empty(user.OrganizationIds.Concat(user.GroupIds));
    }

    [StorageFact]
    public async Task Nobody_is_found_or_made_whom_the_realms_provider_does_not_vouch_for()
    {
        var realmId = await _admin.NewRealmAsync(Document.Replace("    create_users: true\n", "", StringComparison.Ordinal));
        var without = await _admin.NewRealmAsync();

        var unknown = await ResolveAsync(realmId, Issuer, "sub-new");
        var elsewhere = await ResolveAsync(realmId, "https://evil.example", "sub-ada");
        var none = await ResolveAsync(without, Issuer, "sub-ada");
        var malformed = await ResolveAsync(realmId, Issuer, "a b");

        Assert.All([unknown, elsewhere, none], refusal => Assert.Equal((StatusCode.NotFound, "RESOURCE_NOT_FOUND"), (refusal.Code, refusal.Reason)));
        Assert.Equal(("INVALID_ARGUMENT", "external_identity.subject"), (malformed.Reason, Assert.Single(malformed.Fields)));
        Assert.Equal(1, (await RealmAsync(realmId)).Revision);
    }

    [StorageFact]
    public async Task A_role_that_logins_are_mapped_to_is_in_use()
    {
        var realmId = await _admin.NewRealmAsync(Document);

        var refusal = await _admin.RefusalAsync(new DeleteRoleRequest { RealmId = realmId, RoleId = "reader", Cascade = true });
        var acr = await _admin.RefusalAsync(
            new UpdateRealmRequest { Realm = new() { RealmId = realmId, AcrValues = { "pwd" } }, UpdateMask = new FieldMask { Paths = { "acr_values" } } });

        Assert.Equal("RESOURCE_IN_USE", refusal.Reason);
        Assert.Equal("DANGLING_REFERENCE", acr.Reason);
    }

    private async Task<Realm> RealmAsync(string realmId) =>
        (await _admin.CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = realmId })).Realm;

    private async Task<Realm> UpdateAsync(string realmId, LoginSettings settings) =>
        (await _admin.CallAsync<UpdateRealmResponse>(Update(realmId, settings))).Realm;

    private static UpdateRealmRequest Update(string realmId, LoginSettings settings) => new()
    {
        Realm = new() { RealmId = realmId, LoginSettings = settings },
        UpdateMask = new FieldMask { Paths = { "login_settings" } },
    };

    private Task<Refusal> ResolveAsync(string realmId, string issuer, string subject) =>
        _admin.RefusalAsync(new ResolveUserRequest { RealmId = realmId, ExternalIdentity = new() { Issuer = issuer, Subject = subject } });

    /// <summary>The sealed secret as the feed has it.</summary>
    private async Task<byte[]> SealedAsync(string realmId)
    {
        using var call = _server.Feed.WatchRealm(new() { RealmId = realmId }, RealmAdminServer.Operator);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call.ResponseStream.Current.SnapshotPart.Resources.Single(r => r.Realm is not null).Realm.LoginSettings.Upstream.SealedClientSecret.ToByteArray();
    }
}

public sealed class SqliteUpstreamProviderTests(SqliteRealmAdminDatabase database) : UpstreamProviderContract(database), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresUpstreamProviderTests(PostgresRealmAdminDatabase database)
    : UpstreamProviderContract(database), IClassFixture<PostgresRealmAdminDatabase>;
