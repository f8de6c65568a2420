using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Registration;

/// <summary>Tokens that administrators hand out so that somebody can register clients.</summary>
public abstract class InitialAccessTokenContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string ByToken = "mode: initial_access_token, policy: {scopes: [\"a.*\"]}";

    private RealmAdminServer _server = null!;
    private RegistrationCalls _calls = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _calls = new RegistrationCalls(_server);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task Nobody_registers_without_a_good_one_where_one_is_needed()
    {
        var realmId = await _calls.NewRealmAsync(ByToken);
        var (elsewhere, deleted) = (await _calls.NewTokenAsync(await _calls.NewRealmAsync(ByToken)), await _calls.NewTokenAsync(realmId));
        await _calls.Admin.CallAsync(new DeleteInitialAccessTokenRequest { RealmId = realmId, TokenId = deleted.InitialAccessToken.TokenId });

        foreach (var token in (string[])["", "x", new string('A', 43), elsewhere.Token, deleted.Token, $"{deleted.Token}="])
        {
            var (reason, message) = await _calls.RefusalAsync(RegistrationCalls.Request(realmId, token: token));
            Assert.Equal(("UNAUTHENTICATED", "The token is missing, or not good for this."), (reason, message));
        }
    }

    [StorageFact]
    public async Task A_bad_one_is_refused_where_none_is_needed_too()
    {
        var realmId = await _calls.NewRealmAsync();

        Assert.Equal("UNAUTHENTICATED", (await _calls.RefusalAsync(RegistrationCalls.Request(realmId, token: new string('A', 43)))).Reason);
    }

    [StorageFact]
    public async Task A_refused_token_is_told_from_refused_credentials_of_the_caller()
    {
        var realmId = await _calls.NewRealmAsync(ByToken);

        var refused = await _calls.Admin.RefusalAsync(RegistrationCalls.Request(realmId));
        var stranger = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await _calls.Service.RegisterClientAsync(RegistrationCalls.Request(realmId)));

        Assert.Equal("registration", refused.Metadata["credential"]);
        Assert.Equal("UNAUTHENTICATED", RichStatus.ReasonOf(stranger));
        Assert.DoesNotContain("credential", RichStatus.MetadataOf(stranger).Keys);
    }

    [StorageFact]
    public async Task The_last_uses_are_given_away_once()
    {
        var realmId = await _calls.NewRealmAsync(ByToken);
        var token = await _calls.NewTokenAsync(realmId, new() { MaxUses = 3 });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            try
            {
                return (await _calls.RegisterAsync(realmId, token: token.Token)).Client.Origin.InitialAccessTokenId;
            }
            catch (Grpc.Core.RpcException refusal)
            {
                return RichStatus.ReasonOf(refusal);
            }
        }));

        Assert.Equal(3, outcomes.Count(outcome => outcome == token.InitialAccessToken.TokenId));
        Assert.Equal(9, outcomes.Count(outcome => outcome == "UNAUTHENTICATED"));
        Assert.Equal((3, 3), (await ListAsync(realmId)).Select(listed => (listed.Uses, listed.MaxUses)).Single());
    }

    [StorageFact]
    public async Task A_registration_that_is_refused_uses_nothing_up()
    {
        var realmId = await _calls.NewRealmAsync(ByToken);
        var token = await _calls.NewTokenAsync(realmId, new() { MaxUses = 1 });

        Assert.Equal("INVALID_REDIRECT_URI", (await _calls.RefusalAsync(RegistrationCalls.Request(realmId, "{}", token.Token))).Reason);
        await _calls.RegisterAsync(realmId, token: token.Token);

        Assert.Equal("UNAUTHENTICATED", (await _calls.RefusalAsync(RegistrationCalls.Request(realmId, token: token.Token))).Reason);
    }

    [StorageFact]
    public async Task Its_own_policy_is_in_place_of_the_realms_and_stays_with_its_clients()
    {
        var realmId = await _calls.NewRealmAsync(ByToken);
        var token = await _calls.NewTokenAsync(realmId, new() { Policy = new() { RedirectHosts = { "partner.example" } } });

        Assert.Equal("INVALID_REDIRECT_URI", (await _calls.RefusalAsync(
            RegistrationCalls.Request(realmId, """{"redirect_uris":["https://app.example.com/callback"]}""", token.Token))).Reason);
        Assert.Equal("INVALID_CLIENT_METADATA", (await _calls.RefusalAsync(
            RegistrationCalls.Request(realmId, """{"redirect_uris":["https://partner.example/cb"],"scope":"a.read"}""", token.Token))).Reason);
        var registered = await _calls.RegisterAsync(realmId, """{"redirect_uris":["https://partner.example/cb"]}""", token.Token);
        await _calls.Admin.CallAsync(new DeleteInitialAccessTokenRequest { RealmId = realmId, TokenId = token.InitialAccessToken.TokenId });

        // The realm's own policy would take both, and the token is gone.
        var widened = RegistrationCalls.Update(realmId, registered, """{"redirect_uris":["https://app.example.com/callback"]}""");
        Assert.Equal("INVALID_REDIRECT_URI", (await _calls.RefusalAsync(widened)).Reason);
        var broader = RegistrationCalls.Update(realmId, registered, """{"redirect_uris":["https://partner.example/cb"],"scope":"a.read"}""");
        Assert.Equal("INVALID_CLIENT_METADATA", (await _calls.RefusalAsync(broader)).Reason);
    }

    [StorageFact]
    public async Task They_are_listed_in_pages_without_their_values()
    {
        var realmId = await _calls.NewRealmAsync(ByToken);
        var made = new List<CreateInitialAccessTokenResponse>();
        for (var i = 0; i < 3; i++)
        {
            made.Add(await _calls.NewTokenAsync(realmId, new()
            {
                TokenId = "ignored",
                DisplayName = $"Partner {i}",
                ExpireTime = Timestamp.FromDateTimeOffset(Samples.Instant.AddYears(50)),
                Policy = new() { ClientTypes = { ClientType.Public }, Scopes = { "a.*" } },
            }));
        }

        var first = await _calls.Admin.CallAsync<ListInitialAccessTokensResponse>(new ListInitialAccessTokensRequest { RealmId = realmId, PageSize = 2 });
        var second = await _calls.Admin.CallAsync<ListInitialAccessTokensResponse>(
            new ListInitialAccessTokensRequest { RealmId = realmId, PageSize = 2, PageToken = first.NextPageToken });

        Assert.Equal(made.Select(token => token.InitialAccessToken), first.InitialAccessTokens.Concat(second.InitialAccessTokens));
        Assert.Equal((2, 1, ""), (first.InitialAccessTokens.Count, second.InitialAccessTokens.Count, second.NextPageToken));
        Assert.All(made, token => Assert.DoesNotContain(token.Token, $"{first}{second}"));
        Assert.All(made, token => Assert.NotEqual("ignored", token.InitialAccessToken.TokenId));
    }

    [StorageFact]
    public async Task Making_and_removing_one_is_in_the_audit_trail()
    {
        var realmId = await _calls.NewRealmAsync(ByToken);
        var made = await _calls.NewTokenAsync(realmId, new() { DisplayName = "Partner", MaxUses = 5 });
        var removed = await _calls.Admin.CallAsync<DeleteInitialAccessTokenResponse>(
            new DeleteInitialAccessTokenRequest { RealmId = realmId, TokenId = made.InitialAccessToken.TokenId });

        var events = (await _calls.Admin.CallAsync<ListEventsResponse>(
            new ListEventsRequest { RealmId = realmId, ResourceKind = "initial_access_token" })).Events;

        Assert.Equal(
            [(ChangeKind.Delete, removed.Revision, made.InitialAccessToken.TokenId), (ChangeKind.Create, made.Revision, made.InitialAccessToken.TokenId)],
            events.Select(found => (found.ChangeKind, found.Revision, found.ResourceId)));
        Assert.Contains(events[1].Fields, field => field is { Field: "display_name", After: "\"Partner\"" });
        Assert.DoesNotContain(made.Token, events.ToString());
    }

    [StorageFact]
    public async Task What_is_wrong_with_one_is_named()
    {
        var realmId = await _calls.NewRealmAsync(ByToken);

        Assert.Equal(["initial_access_token.display_name", "initial_access_token.max_uses"], await ViolationsAsync(new() { DisplayName = "a\nb", MaxUses = -1 }));
        Assert.Equal(["initial_access_token.expire_time"], await ViolationsAsync(new() { ExpireTime = Timestamp.FromDateTimeOffset(Samples.Instant.AddYears(-20)) }));
        Assert.Equal(["initial_access_token.policy.client_types"], await ViolationsAsync(new() { Policy = new() { ClientTypes = { ClientType.External } } }));
        Assert.Equal(["initial_access_token.policy.scopes[0]"], await ViolationsAsync(new() { Policy = new() { Scopes = { "b.read" } } }));
        Assert.Equal(["initial_access_token.policy.software_statement_issuers"], await ViolationsAsync(new() { Policy = new() { RequireSoftwareStatement = true } }));
        Assert.Equal("RESOURCE_NOT_FOUND", (await _calls.RefusalAsync(new DeleteInitialAccessTokenRequest { RealmId = realmId, TokenId = "t" })).Reason);

        async Task<IEnumerable<string>> ViolationsAsync(InitialAccessToken token) =>
            (await _calls.Admin.RefusalAsync(new CreateInitialAccessTokenRequest { RealmId = realmId, InitialAccessToken = token })).Violations.Select(v => v.Field);
    }

    private async Task<IEnumerable<InitialAccessToken>> ListAsync(string realmId) =>
        (await _calls.Admin.CallAsync<ListInitialAccessTokensResponse>(new ListInitialAccessTokensRequest { RealmId = realmId })).InitialAccessTokens;
}

public sealed class SqliteInitialAccessTokenTests(SqliteRealmAdminDatabase fixture)
    : InitialAccessTokenContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresInitialAccessTokenTests(PostgresRealmAdminDatabase fixture)
    : InitialAccessTokenContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
