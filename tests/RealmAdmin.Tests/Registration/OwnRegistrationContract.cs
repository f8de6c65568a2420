using Google.Protobuf;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Registration;

/// <summary>RFC 7592: a client manages its own registration, and nobody else's.</summary>
public abstract class OwnRegistrationContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Other = """{"redirect_uris":["https://other.example.com/cb"],"client_name":"Other"}""";

    private RealmAdminServer _server = null!;
    private RegistrationCalls _calls = null!;
    private string _realmId = "";

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _calls = new RegistrationCalls(_server);
        _realmId = await _calls.NewRealmAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task Every_read_gives_another_token_and_the_one_before_is_good_until_the_new_one_was_used()
    {
        var registered = await _calls.RegisterAsync(_realmId);
        var (id, first) = (registered.Client.ClientId, registered.RegistrationAccessToken);

        var lost = await _calls.ReadAsync(_realmId, id, first);
        // The answer never arrived: once more with the old one, as often as it takes.
        var second = await _calls.ReadAsync(_realmId, id, first);
        Assert.Equal("UNAUTHENTICATED", await ReadRefusalAsync(id, lost.RegistrationAccessToken));
        var third = await _calls.ReadAsync(_realmId, id, second.RegistrationAccessToken);
        Assert.Equal("UNAUTHENTICATED", await ReadRefusalAsync(id, first));
        await _calls.ReadAsync(_realmId, id, third.RegistrationAccessToken);

        Assert.Equal(registered.Client, third.Client);
        Assert.Equal("", third.ClientSecret);
    }

    [StorageFact]
    public async Task Of_many_that_read_at_once_with_one_token_the_last_answer_is_good()
    {
        var registered = await _calls.RegisterAsync(_realmId);
        var (id, token) = (registered.Client.ClientId, registered.RegistrationAccessToken);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _calls.ReadAsync(_realmId, id, token)));

        // Each took the place of the one before; none of them was used, so the old one is good still, and one of the new ones is.
        var good = 0;
        foreach (var answer in answers)
        {
            good += await ReadRefusalAsync(id, answer.RegistrationAccessToken) is null ? 1 : 0;
        }

        Assert.Equal(1, good);
    }

    [StorageFact]
    public async Task A_token_of_another_client_or_realm_is_refused_like_one_that_there_is_not()
    {
        var (mine, theirs) = (await _calls.RegisterAsync(_realmId), await _calls.RegisterAsync(_realmId));
        var elsewhereId = await _calls.NewRealmAsync();
        var elsewhere = await _calls.RegisterAsync(elsewhereId);
        var made = (await _calls.NewTokenAsync(_realmId)).Token;

        foreach (var (realmId, clientId, token) in new[]
        {
            (_realmId, mine.Client.ClientId, theirs.RegistrationAccessToken),
            (_realmId, mine.Client.ClientId, elsewhere.RegistrationAccessToken),
            (_realmId, elsewhere.Client.ClientId, elsewhere.RegistrationAccessToken),
            (elsewhereId, mine.Client.ClientId, mine.RegistrationAccessToken),
            (_realmId, "api", mine.RegistrationAccessToken),
            (_realmId, "nobody", mine.RegistrationAccessToken),
            (_realmId, mine.Client.ClientId, made),
            (_realmId, mine.Client.ClientId, mine.ClientSecret),
            (_realmId, mine.Client.ClientId, ""),
        })
        {
            foreach (var request in new IMessage[]
            {
                new GetClientRegistrationRequest { RealmId = realmId, ClientId = clientId, RegistrationAccessToken = token },
                new DeleteClientRegistrationRequest { RealmId = realmId, ClientId = clientId, RegistrationAccessToken = token },
                new UpdateClientRegistrationRequest { RealmId = realmId, ClientId = clientId, RegistrationAccessToken = token, Metadata = "{}" },
            })
            {
                Assert.Equal(("UNAUTHENTICATED", "The token is missing, or not good for this."), await _calls.RefusalAsync(request));
            }
        }

        await _calls.ReadAsync(_realmId, mine.Client.ClientId, mine.RegistrationAccessToken);
    }

    [StorageFact]
    public async Task An_update_replaces_all_that_was_registered_and_nothing_else()
    {
        var registered = await _calls.RegisterAsync(_realmId, """
            {"redirect_uris":["https://app.example.com/cb"],"client_name":"App","client_name#fr":"Appli","scope":"a.read a.write","contacts":["a@example.com"],
             "require_pushed_authorization_requests":true}
            """);
        await AdministerAsync(registered, client =>
        {
            client.AsksForOrganization = true;
            client.OwnerOrganizationId = "acme";
            client.RequiredScopes.AddRange(["a.read", "a.write"]);
        });

        var updated = await _calls.UpdateAsync(_realmId, registered, """{"redirect_uris":["https://new.example.com/cb"],"scope":"a.read"}""");

        var client = updated.Client;
        Assert.Equal(("", false, true, "acme"), (client.DisplayName, client.RequirePushedAuthorizationRequests, client.AsksForOrganization, client.OwnerOrganizationId));
        Assert.Equal(["https://new.example.com/cb"], client.RedirectUris);
        Assert.Equal(["a.read"], client.Scopes);
        Assert.Equal(["a.read"], client.RequiredScopes);
        Assert.Null(client.About);
        Assert.Equal(registered.Client.Origin, client.Origin);
        Assert.Equal(registered.Client.Secrets, client.Secrets);
        Assert.Equal("", updated.ClientSecret);
        var events = (await _calls.Admin.CallAsync<ListEventsResponse>(new ListEventsRequest { RealmId = _realmId, PageSize = 1 })).Events;
        Assert.Equal((ChangeKind.Update, client.ClientId, client.ClientId), (events[0].ChangeKind, events[0].ResourceId, events[0].Actor.ClientId));
    }

    [StorageFact]
    public async Task A_client_that_changes_is_not_verified_any_more()
    {
        var registered = await _calls.RegisterAsync(_realmId);
        await AdministerAsync(registered, client => client.Verified = true);

        var same = await _calls.UpdateAsync(_realmId, registered, RegistrationCalls.App);
        var renamed = await _calls.UpdateAsync(_realmId, same, RegistrationCalls.App.Replace("App", "Your bank", StringComparison.Ordinal));

        Assert.Equal((true, false), (same.Client.Verified, renamed.Client.Verified));
    }

    [StorageFact]
    public async Task It_keeps_scopes_that_an_administrator_gave_it_and_gets_no_others()
    {
        var registered = await _calls.RegisterAsync(_realmId);
        await AdministerAsync(registered, client => client.Scopes.Add("all"));

        var kept = await _calls.UpdateAsync(_realmId, registered, """{"redirect_uris":["https://app.example.com/cb"],"scope":"a.read all"}""");
        var more = RegistrationCalls.Update(_realmId, kept, """{"redirect_uris":["https://app.example.com/cb"],"scope":"a.read all iam.clients.write"}""");

        Assert.Equal(["a.read", "all"], kept.Client.Scopes);
        Assert.Equal(
            ("INVALID_CLIENT_METADATA", "scope: must not have 'iam.clients.write', which clients cannot be registered for"), await _calls.RefusalAsync(more));
    }

    [StorageFact]
    public async Task Secrets_come_and_go_with_the_way_it_authenticates()
    {
        var registered = await _calls.RegisterAsync(_realmId);

        var open = await _calls.UpdateAsync(_realmId, registered, """{"redirect_uris":["https://app.example.com/cb"],"token_endpoint_auth_method":"none"}""");
        var closed = await _calls.UpdateAsync(_realmId, open, RegistrationCalls.App);

        Assert.Equal((ClientType.Public, 0, ""), (open.Client.ClientType, open.Client.Secrets.Count, open.ClientSecret));
        Assert.Equal((ClientType.Web, 1, 43), (closed.Client.ClientType, closed.Client.Secrets.Count, closed.ClientSecret.Length));
        Assert.NotEqual(registered.ClientSecret, closed.ClientSecret);
    }

    [StorageFact]
    public async Task Where_secrets_end_an_update_gives_the_next_and_the_one_before_stays()
    {
        var realmId = await _calls.NewRealmAsync("mode: open, policy: {client_secret_lifetime: 1h}");
        var registered = await _calls.RegisterAsync(realmId, Other);

        var second = await _calls.UpdateAsync(realmId, registered, Other);
        var third = await _calls.UpdateAsync(realmId, second, Other);

        Assert.Equal((2, 2, 43), (second.Client.Secrets.Count, third.Client.Secrets.Count, third.ClientSecret.Length));
        Assert.Contains(registered.Client.Secrets.Single(), second.Client.Secrets);
        Assert.DoesNotContain(registered.Client.Secrets.Single(), third.Client.Secrets);
    }

    [StorageTheory]
    [InlineData("""{"redirect_uris":["https://app.example.com/cb"]}""", "client_id: must be the client's own", false)]
    [InlineData("""{"client_id":"api","redirect_uris":["https://app.example.com/cb"]}""", "client_id: must be the client's own", false)]
    [InlineData("""{"redirect_uris":["https://app.example.com/cb"],"client_secret":"mine"}""", "client_secret: must be the one that the server gave, where it is sent", true)]
    [InlineData("""{"redirect_uris":["https://app.example.com/cb"],"registration_access_token":"x"}""", "registration_access_token: is the server's to say", true)]
    [InlineData("""{"redirect_uris":["https://app.example.com/cb"],"client_id_issued_at":1}""", "client_id_issued_at: is the server's to say", true)]
    public async Task An_update_says_nothing_that_is_the_servers(string metadata, string message, bool isAddressed)
    {
        var registered = await _calls.RegisterAsync(_realmId);
        var update = RegistrationCalls.Update(_realmId, registered, metadata);
        update.Metadata = isAddressed ? update.Metadata : metadata;

        Assert.Equal(("INVALID_CLIENT_METADATA", message), await _calls.RefusalAsync(update));
        // And the token is as it was.
        await _calls.UpdateAsync(
            _realmId, registered, $$"""{"redirect_uris":["https://app.example.com/cb"],"client_secret":"{{registered.ClientSecret}}"}""");
    }

    [StorageFact]
    public async Task A_deleted_client_is_gone_with_its_role_bindings_and_its_token()
    {
        var registered = await _calls.RegisterAsync(_realmId);
        var id = registered.Client.ClientId;
        await _calls.Admin.CallAsync(new CreateRoleBindingRequest { RealmId = _realmId, RoleBinding = new() { RoleBindingId = "own", ClientId = id, RoleId = "reader" } });

        var revision = (await _calls.Admin.CallAsync<DeleteClientRegistrationResponse>(
            new DeleteClientRegistrationRequest { RealmId = _realmId, ClientId = id, RegistrationAccessToken = registered.RegistrationAccessToken })).Revision;

        Assert.Equal(4, revision);
        Assert.Equal("RESOURCE_NOT_FOUND", (await _calls.RefusalAsync(new GetClientRequest { RealmId = _realmId, ClientId = id })).Reason);
        Assert.Equal("RESOURCE_NOT_FOUND", (await _calls.RefusalAsync(new GetRoleBindingRequest { RealmId = _realmId, RoleBindingId = "own" })).Reason);
        Assert.Equal("UNAUTHENTICATED", await ReadRefusalAsync(id, registered.RegistrationAccessToken));
    }

    [StorageFact]
    public async Task A_client_that_an_administrator_stopped_does_not_manage_itself()
    {
        var (disabled, adopted, deleted) = (await _calls.RegisterAsync(_realmId), await _calls.RegisterAsync(_realmId), await _calls.RegisterAsync(_realmId));
        await AdministerAsync(disabled, client => client.Disabled = true);
        await AdministerAsync(adopted, client => client.DynamicallyRegistered = false);
        await _calls.Admin.CallAsync(new DeleteClientRequest { RealmId = _realmId, ClientId = deleted.Client.ClientId });

        foreach (var registered in new[] { disabled, adopted, deleted })
        {
            Assert.Equal("UNAUTHENTICATED", await ReadRefusalAsync(registered.Client.ClientId, registered.RegistrationAccessToken));
        }
    }

    [StorageFact]
    public async Task A_realm_that_registers_no_more_manages_none()
    {
        var registered = await _calls.RegisterAsync(_realmId);
        await _calls.Admin.CallAsync(new UpdateRealmRequest { Realm = new() { RealmId = _realmId }, UpdateMask = new() { Paths = { "client_registration" } } });

        Assert.Equal("NOT_OFFERED", await ReadRefusalAsync(registered.Client.ClientId, registered.RegistrationAccessToken));
    }

    private async Task AdministerAsync(RegisteredClient registered, Action<Client> change)
    {
        var client = (await _calls.Admin.CallAsync<GetClientResponse>(new GetClientRequest { RealmId = _realmId, ClientId = registered.Client.ClientId })).Client;
        change(client);
        await _calls.Admin.CallAsync(new UpdateClientRequest { RealmId = _realmId, Client = client });
    }

    private async Task<string?> ReadRefusalAsync(string clientId, string token)
    {
        try
        {
            await _calls.ReadAsync(_realmId, clientId, token);
            return null;
        }
        catch (Grpc.Core.RpcException refusal)
        {
            return Pltfrms.Iam.Common.Errors.RichStatus.ReasonOf(refusal);
        }
    }
}

public sealed class SqliteOwnRegistrationTests(SqliteRealmAdminDatabase fixture)
    : OwnRegistrationContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresOwnRegistrationTests(PostgresRealmAdminDatabase fixture)
    : OwnRegistrationContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
