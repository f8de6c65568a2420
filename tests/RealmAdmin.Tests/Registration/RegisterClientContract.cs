using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Registration;

/// <summary>RFC 7591: who can be registered, and as what.</summary>
public abstract class RegisterClientContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Public = """{"redirect_uris":["https://app.example.com/cb"],"token_endpoint_auth_method":"none"}""";

    private RealmAdminServer _server = null!;
    private RegistrationCalls _calls = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _calls = new RegistrationCalls(_server);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task A_client_is_what_it_says_unverified_and_asks_its_users()
    {
        var realmId = await _calls.NewRealmAsync();

        var registered = await _calls.RegisterAsync(realmId, """
            {"redirect_uris":["https://app.example.com/cb","http://127.0.0.1:8765/cb"],"client_name":"Größe","client_name#fr":"Grandeur","scope":"a.write a.read a.read",
             "grant_types":["authorization_code","refresh_token"],"response_types":["code"],"client_uri":"https://app.example.com","tos_uri":"https://app.example.com/tos",
             "policy_uri":"https://app.example.com/policy","contacts":["ops@example.com"],"software_id":"s","software_version":"2","logo_uri":"https://app.example.com/logo.png",
             "require_pushed_authorization_requests":true,"dpop_bound_access_tokens":true,"client_id":"mine","client_secret":"mine","verified":true,"consent_policy":"trusted",
             "application_type":"web","unknown":{"a":[1]},"tos_uri#de":null}
            """);

        var client = (await _calls.Admin.CallAsync<GetClientResponse>(new GetClientRequest { RealmId = realmId, ClientId = registered.Client.ClientId })).Client;
        Assert.Equal(
            ("Größe", ClientType.Web, true, false, ConsentPolicy.Required, "client_secret_basic", true, true, ""),
            (client.DisplayName, client.ClientType, client.DynamicallyRegistered, client.Verified, client.ConsentPolicy, client.TokenEndpointAuthMethod,
                client.RequirePushedAuthorizationRequests, client.DpopBoundAccessTokens, client.Logo));
        Assert.NotEqual("mine", client.ClientId);
        Assert.Equal(["http://127.0.0.1:8765/cb", "https://app.example.com/cb"], client.RedirectUris);
        Assert.Equal(["authorization_code", "refresh_token"], client.GrantTypes);
        Assert.Equal(["a.read", "a.write"], client.Scopes);
        Assert.Equal(
            new ClientAbout
            {
                ClientUri = "https://app.example.com",
                TosUri = "https://app.example.com/tos",
                PolicyUri = "https://app.example.com/policy",
                Contacts = { "ops@example.com" },
                SoftwareId = "s",
                SoftwareVersion = "2",
                Names = { ["fr"] = "Grandeur" },
            },
            client.About);
        Assert.Equal(("203.0.113.7", "", ""), (client.Origin.SourceAddress, client.Origin.InitialAccessTokenId, client.Origin.SoftwareStatementIssuer));
        Assert.Equal((43, 43), (registered.ClientSecret.Length, registered.RegistrationAccessToken.Length));
        Assert.Single(client.Secrets);
        Assert.Equal(2, registered.Revision);
    }

    [StorageFact]
    public async Task It_is_in_the_audit_trail_with_the_token_it_was_registered_with_and_no_secret_is()
    {
        var realmId = await _calls.NewRealmAsync();
        var token = await _calls.NewTokenAsync(realmId);
        var registered = await _calls.RegisterAsync(realmId, token: token.Token);

        var answer = await _calls.Admin.CallAsync<ListEventsResponse>(new ListEventsRequest { RealmId = realmId });

        var created = answer.Events.Single(found => found.ResourceKind == "client" && found.ResourceId == registered.Client.ClientId);
        Assert.Equal((ChangeKind.Create, token.InitialAccessToken.TokenId, registered.Revision), (created.ChangeKind, created.Actor.TokenId, created.Revision));
        Assert.Contains("203.0.113.7", created.ToString());
        Assert.All(
            [registered.ClientSecret, registered.RegistrationAccessToken, token.Token], secret => Assert.DoesNotContain(secret, answer.ToString()));
    }

    [StorageFact]
    public async Task A_watcher_of_the_realm_is_told_of_clients_and_not_of_initial_access_tokens()
    {
        var realmId = await _calls.NewRealmAsync();
        await _calls.NewTokenAsync(realmId);
        var registered = await _calls.RegisterAsync(realmId);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        using var stream = _server.Feed.WatchRealm(new() { RealmId = realmId, AfterRevision = 1 }, RealmAdminServer.Operator, cancellationToken: patience.Token);
        while (await stream.ResponseStream.MoveNext(patience.Token))
        {
            if (stream.ResponseStream.Current.ToString().Contains(registered.Client.ClientId, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("The stream ended.");
    }

    [StorageTheory]
    [MemberData(nameof(RefusedMetadata.Always), MemberType = typeof(RefusedMetadata))]
    public async Task Metadata_that_no_client_can_have_are_refused(string what, string metadata, string reason, string message)
    {
        Assert.NotEmpty(what);
        var realmId = await _calls.NewRealmAsync("mode: open, policy: {grant_types: [authorization_code, refresh_token, client_credentials], scopes: [\"*\"]}");

        Assert.Equal((reason, message), await _calls.RefusalAsync(RegistrationCalls.Request(realmId, metadata)));
        Assert.Empty((await _calls.Admin.CallAsync<ListClientsResponse>(new ListClientsRequest { RealmId = realmId, DynamicallyRegistered = true })).Clients);
    }

    [StorageTheory]
    [MemberData(nameof(RefusedMetadata.ByPolicy), MemberType = typeof(RefusedMetadata))]
    public async Task What_the_policy_does_not_allow_is_refused(string what, string metadata, string reason, string message)
    {
        Assert.NotEmpty(what);
        var realmId = await _calls.NewRealmAsync(RefusedMetadata.Policy);

        Assert.Equal((reason, message), await _calls.RefusalAsync(RegistrationCalls.Request(realmId, metadata)));
    }

    [StorageTheory]
    [InlineData("""{"redirect_uris":["https://app.example.com/cb"],"token_endpoint_auth_method":"none"}""", ClientType.Public, 0)]
    [InlineData("""{"redirect_uris":["https://APP.example.com:8443/cb"]}""", ClientType.Web, 1)]
    [InlineData("""{"redirect_uris":["https://exact.example/cb"],"scope":"a.read"}""", ClientType.Web, 1)]
    public async Task What_the_policy_allows_is_registered(string metadata, ClientType type, int secrets)
    {
        var realmId = await _calls.NewRealmAsync(RefusedMetadata.Policy);

        var registered = await _calls.RegisterAsync(realmId, metadata);

        Assert.Equal((type, secrets), (registered.Client.ClientType, registered.Client.Secrets.Count));
        Assert.Equal(secrets == 0 ? "" : registered.ClientSecret, registered.ClientSecret);
    }

    [StorageFact]
    public async Task A_client_that_asks_for_no_scope_has_none()
    {
        var realmId = await _calls.NewRealmAsync("mode: open, policy: {scopes: [\"*\"]}");

        Assert.Empty((await _calls.RegisterAsync(realmId, Public)).Client.Scopes);
    }

    [StorageFact]
    public async Task A_secret_ends_when_the_policy_says_so()
    {
        var realmId = await _calls.NewRealmAsync("mode: open, policy: {client_secret_lifetime: 30d}");

        var registered = await _calls.RegisterAsync(realmId, """{"redirect_uris":["https://app.example.com/cb"]}""");

        var origin = registered.Client.Origin.RegisterTime;
        Assert.Equal(origin + Duration.FromTimeSpan(TimeSpan.FromDays(30)), registered.ClientSecretExpireTime);
        Assert.Equal(registered.ClientSecretExpireTime, registered.Client.Secrets.Single().ExpireTime);
    }

    [StorageFact]
    public async Task A_realm_that_says_nothing_registers_nobody()
    {
        var realmId = await _calls.Admin.NewRealmAsync();

        Assert.Equal("NOT_OFFERED", (await _calls.RefusalAsync(RegistrationCalls.Request(realmId))).Reason);
        Assert.Equal("REALM_NOT_FOUND", (await _calls.RefusalAsync(RegistrationCalls.Request(Samples.NewRealmId()))).Reason);
    }

    [StorageFact]
    public async Task The_last_places_for_clients_are_given_away_once()
    {
        var realmId = await _calls.NewRealmAsync("mode: open, max_clients: 3");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            try
            {
                await _calls.RegisterAsync(realmId, Public);
                return "";
            }
            catch (Grpc.Core.RpcException refusal)
            {
                return Pltfrms.Iam.Common.Errors.RichStatus.ReasonOf(refusal);
            }
        }));

        Assert.Equal((3, 9), (outcomes.Count(outcome => outcome == ""), outcomes.Count(outcome => outcome == "ACCESS_DENIED")));
        Assert.Equal(3, (await _calls.Admin.CallAsync<ListClientsResponse>(new ListClientsRequest { RealmId = realmId, DynamicallyRegistered = true })).Clients.Count);
    }
}

public sealed class SqliteRegisterClientTests(SqliteRealmAdminDatabase fixture)
    : RegisterClientContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRegisterClientTests(PostgresRealmAdminDatabase fixture)
    : RegisterClientContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
