using System.Text.Json.Nodes;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Registration;

/// <summary>Software statements: what their issuer vouches for wins, and nobody else's count.</summary>
public abstract class SoftwareStatementContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Publisher = "https://publisher.example";
    private const string Body = """{"redirect_uris":["https://evil.example/cb"],"client_name":"Evil","client_name#de":"Böse","scope":"a.write"}""";
    private const string Vouched =
        """{"iss":"https://publisher.example","redirect_uris":["https://app.example.com/cb"],"client_name":"Good","software_id":"s1","scope":"a.read"}""";

    private readonly StatementKey _key = new();
    private RealmAdminServer _server = null!;
    private RegistrationCalls _calls = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _calls = new RegistrationCalls(_server);
    }

    public Task DisposeAsync()
    {
        _key.Dispose();
        return Task.CompletedTask;
    }

    [StorageFact]
    public async Task What_is_vouched_for_wins_and_comes_back_unchanged()
    {
        var realmId = await NewRealmAsync();
        var statement = _key.Sign(Vouched);

        var registered = await _calls.RegisterAsync(realmId, StatementKey.Metadata(Body, statement));

        Assert.Equal(statement, registered.SoftwareStatement);
        Assert.Equal(("Good", "s1", Publisher), (registered.Client.DisplayName, registered.Client.About.SoftwareId, registered.Client.Origin.SoftwareStatementIssuer));
        Assert.Equal(["https://app.example.com/cb"], registered.Client.RedirectUris);
        Assert.Equal(["a.read"], registered.Client.Scopes);
        // Nobody vouches for a name in another language.
        Assert.Empty(registered.Client.About.Names);
        Assert.False(registered.Client.Verified);
    }

    [StorageFact]
    public async Task What_was_vouched_for_is_not_had_back_by_leaving_it_out()
    {
        var realmId = await NewRealmAsync();
        var registered = await _calls.RegisterAsync(realmId, StatementKey.Metadata(Body, _key.Sign(Vouched)));

        var updated = await _calls.UpdateAsync(realmId, registered, Body);

        Assert.Equal((registered.SoftwareStatement, "Good"), (updated.SoftwareStatement, updated.Client.DisplayName));
        Assert.Equal(["https://app.example.com/cb"], updated.Client.RedirectUris);
        Assert.Equal(updated.SoftwareStatement, (await _calls.ReadAsync(realmId, updated.Client.ClientId, updated.RegistrationAccessToken)).SoftwareStatement);
    }

    [StorageFact]
    public async Task Another_statement_takes_the_place_of_the_first()
    {
        var realmId = await NewRealmAsync();
        var registered = await _calls.RegisterAsync(realmId, StatementKey.Metadata(Body, _key.Sign(Vouched)));
        var next = _key.Sign(Vouched.Replace("Good", "Better", StringComparison.Ordinal));

        var updated = await _calls.UpdateAsync(realmId, registered, StatementKey.Metadata(Body, next));

        Assert.Equal((next, "Better"), (updated.SoftwareStatement, updated.Client.DisplayName));
    }

    [StorageTheory]
    [InlineData("""{"aud":"https://iam.example/realms/r"}""")]
    [InlineData("""{"aud":["https://else.example","https://iam.example/realms/r"]}""")]
    [InlineData("""{"exp":4102444800,"nbf":1,"iat":1,"jti":"x","sub":"y"}""")]
    public async Task A_statement_that_says_when_and_for_whom_is_good_then_and_for_them(string more)
    {
        var registered = await _calls.RegisterAsync(await NewRealmAsync(), StatementKey.Metadata(Body, _key.Sign(With(more))));

        Assert.Equal("Good", registered.Client.DisplayName);
    }

    [StorageTheory]
    [InlineData("""{"exp":1}""", "is expired")]
    [InlineData("""{"exp":"never"}""", "is expired")]
    [InlineData("""{"nbf":4102444800}""", "is not valid yet")]
    [InlineData("""{"iat":4102444800}""", "is not valid yet")]
    [InlineData("""{"aud":"https://else.example"}""", "is meant for somebody else")]
    [InlineData("""{"aud":7}""", "is meant for somebody else")]
    [InlineData("""{"iss":null}""", "is not a signed JWT of whoever its iss names")]
    [InlineData("""{"iss":7}""", "is not a signed JWT of whoever its iss names")]
    public async Task A_statement_that_is_not_good_is_refused(string more, string message) =>
        Assert.Equal(("INVALID_SOFTWARE_STATEMENT", $"software_statement: {message}"), await RefusalAsync(_key.Sign(With(more))));

    [StorageFact]
    public async Task A_statement_that_its_issuer_did_not_sign_is_refused()
    {
        using var other = new StatementKey();
        var good = _key.Sign(Vouched);
        var own = JsonNode.Parse(other.Jwks)!["keys"]![0]!.ToJsonString();

        foreach (var (statement, message) in new[]
        {
            (other.Sign(Vouched), "is not signed with a key of its issuer"),
            (other.Sign(Vouched, $$"""{"alg":"ES256","jwk":{{own}}}"""), "is not signed with a key of its issuer"),
            (good[..good.LastIndexOf('.')] + ".", "is not signed with a key of its issuer"),
            (_key.Sign(Vouched, """{"alg":"none"}"""), "is not signed with a key of its issuer"),
            (_key.Sign(Vouched, """{"alg":"HS256"}"""), "is not signed with a key of its issuer"),
            (_key.Sign(Vouched, """{"alg":"ES256","typ":"at+jwt"}"""), "is not a signed JWT of whoever its iss names"),
            (_key.Sign(Vouched, """{"alg":"ES256","crit":["x"],"x":1}"""), "is not a signed JWT of whoever its iss names"),
            ("x", "is not a signed JWT of whoever its iss names"),
            ("", "is not a signed JWT of whoever its iss names"),
            (new string('x', 40_000), "is not a signed JWT of whoever its iss names"),
        })
        {
            Assert.Equal(("INVALID_SOFTWARE_STATEMENT", $"software_statement: {message}"), await RefusalAsync(statement));
        }
    }

    [StorageFact]
    public async Task A_statement_of_somebody_unknown_is_not_approved()
    {
        var refused = await RefusalAsync(_key.Sign("""{"iss":"https://publisher.example/","client_name":"x"}"""));

        Assert.Equal(("UNAPPROVED_SOFTWARE_STATEMENT", "software_statement: is of somebody whose statements are not good here"), refused);
    }

    [StorageFact]
    public async Task Where_one_is_needed_nobody_registers_without()
    {
        var realmId = await NewRealmAsync("require_software_statement: true, ");

        Assert.Equal(("INVALID_SOFTWARE_STATEMENT", "software_statement: is required"), await _calls.RefusalAsync(RegistrationCalls.Request(realmId)));
        await _calls.RegisterAsync(realmId, StatementKey.Metadata("{}", _key.Sign(Vouched)));
    }

    [StorageFact]
    public async Task Nobody_vouches_for_more_than_the_policy_allows()
    {
        var refused = await RefusalAsync(_key.Sign(With("""{"scope":"all"}""")));

        Assert.Equal(("INVALID_CLIENT_METADATA", "scope: must not have 'all', which clients cannot be registered for"), refused);
    }

    private static string With(string more)
    {
        var claims = JsonNode.Parse(Vouched)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
        {
            claims[name] = value?.DeepClone();
        }

        return claims.ToJsonString();
    }

    private async Task<(string? Reason, string Message)> RefusalAsync(string statement) =>
        await _calls.RefusalAsync(RegistrationCalls.Request(await NewRealmAsync(), StatementKey.Metadata(Body, statement)));

    private Task<string> NewRealmAsync(string more = "") => _calls.NewRealmAsync(
        $"mode: open, policy: {{{more}scopes: [\"a.*\"], software_statement_issuers: [{{issuer: \"{Publisher}\", jwks: '{_key.Jwks}'}}]}}");
}

public sealed class SqliteSoftwareStatementTests(SqliteRealmAdminDatabase fixture)
    : SoftwareStatementContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresSoftwareStatementTests(PostgresRealmAdminDatabase fixture)
    : SoftwareStatementContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
