using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;
using Token.Tests.Upstream;

namespace Token.Tests.Assertions;

/// <summary>Where an issuer's keys come from, when they change, and what becomes of them when it is silent.</summary>
public sealed class AssertionKeyTests(SqliteTokenDatabase database) : IClassFixture<SqliteTokenDatabase>, IAsyncLifetime
{
    private const string Metadata = "/op/.well-known/openid-configuration";
    private const string ServerMetadata = "/.well-known/oauth-authorization-server/op";

    private readonly List<ClientKey> _published = [ClientKey.Of("ES256", "one")];
    private AssertionBench _bench = null!;
    private ProviderStandIn _issuer = null!;
    private string _metadata = Metadata;
    private string? _named;
    private bool _isDown;
    private int _fetches;

    public async Task InitializeAsync()
    {
        _bench = await AssertionBench.StartAsync(database);
        _issuer = await ProviderStandIn.StartAsync(_bench.Flow.Clock);
        _issuer.Everything = AnswerAsync;
        await _bench.SetAsync(Registered);
    }

    public async Task DisposeAsync()
    {
        await _issuer.DisposeAsync();
        await _bench.DisposeAsync();
    }

    [Theory]
    [InlineData(Metadata)]
    [InlineData(ServerMetadata)]
    public async Task Keys_are_found_below_the_issuer_and_fetched_once(string metadata)
    {
        _metadata = metadata;

        await AssertGoodAsync(_published[0]);
        await AssertGoodAsync(_published[0]);

        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task A_new_key_is_found_when_it_signs_and_a_withdrawn_one_is_forgotten_in_minutes()
    {
        await AssertGoodAsync(_published[0]);
        var next = ClientKey.Of("ES384", "two");
        _published.Add(next);

        // Not because of every made-up key id, but within half a minute.
        Assert.Equal("invalid_grant", await RefusalAsync(next));
        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(30));
        await AssertGoodAsync(next);

        var first = _published[0];
        _published.Remove(first);
        await AssertGoodAsync(first);
        _bench.Flow.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("invalid_grant", await RefusalAsync(first));
    }

    [Fact]
    public async Task Made_up_key_ids_do_not_make_us_ask_all_the_time()
    {
        await AssertGoodAsync(_published[0]);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("invalid_grant", await RefusalAsync(ClientKey.Of("ES256", $"made-up-{i}")));
        }

        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task A_silent_issuers_keys_are_good_for_an_hour_and_then_the_error_says_so()
    {
        await AssertGoodAsync(_published[0]);
        _isDown = true;

        _bench.Flow.Clock.Advance(TimeSpan.FromMinutes(59));
        await AssertGoodAsync(_published[0]);
        _bench.Flow.Clock.Advance(TimeSpan.FromMinutes(2));
        var answer = await _bench.TryAsync(Signed(_published[0]));

        Assert.Equal("temporarily_unavailable", AssertionBench.ErrorOf(answer));
        Assert.Equal("The keys of the assertion's issuer cannot be fetched now; try again.", answer.GetProperty("error_description").GetString());
        _isDown = false;
        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(3));
        await AssertGoodAsync(_published[0]);
    }

    [Fact]
    public async Task An_assertion_is_not_used_up_while_its_issuer_is_silent()
    {
        _isDown = true;
        var assertion = Signed(_published[0]);
        Assert.Equal("temporarily_unavailable", await _bench.RefusalAsync(assertion));

        _isDown = false;
        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(3));
        await _bench.IssueAsync(assertion);
    }

    [Fact]
    public async Task Metadata_of_another_issuer_leads_to_no_keys()
    {
        _named = "https://else.example";

        Assert.Equal("temporarily_unavailable", await RefusalAsync(_published[0]));
    }

    [Fact]
    public async Task RS256_counts_only_where_the_issuer_is_registered_with_it()
    {
        var rsa = ClientKey.Of("RS256", "rsa");
        rsa.Jwk.Remove("alg");
        _published.Add(rsa);
        Assert.Equal("invalid_grant", await RefusalAsync(rsa));

        await _bench.SetAsync(Registered with { Algorithms = ["RS256"] });
        await AssertGoodAsync(rsa);
        Assert.Equal("invalid_grant", await RefusalAsync(_published[0]));
    }

    private AssertionIssuer Registered => AssertionBench.Registered with { Issuer = _issuer.Issuer, Jwks = null, Subject = AssertionSubject.UserId };

    private string Signed(ClientKey key) => key.Sign([], AssertionBench.With(_bench.Claims("carol"), "iss", _issuer.Issuer));

    private async Task AssertGoodAsync(ClientKey key) => await _bench.IssueAsync(Signed(key));

    private Task<string> RefusalAsync(ClientKey key) => _bench.RefusalAsync(Signed(key));

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (!_isDown && path == _metadata)
        {
            return context.Response.WriteAsJsonAsync(new { issuer = _named ?? _issuer.Issuer, jwks_uri = $"{_issuer.Issuer}/keys" });
        }

        if (_isDown || path != "/op/keys")
        {
            context.Response.StatusCode = _isDown ? 503 : 404;
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref _fetches);
        var useless = """{"kty":"oct","kid":"one","k":"c2VjcmV0"},{"kty":"RSA","use":"enc","kid":"one","n":"AQAB","e":"AQAB"},7""";
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"keys":[{{useless}},{{string.Join(',', _published.Select(key => key.Jwk.ToJsonString()))}}]}""");
    }
}
