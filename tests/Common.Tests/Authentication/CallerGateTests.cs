using System.Runtime.Versioning;
using Common.Tests.Hosting;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Errors;
using Testing;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Common.Tests.Authentication;

/// <summary>Who gets in, and every way of trying that must not.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CallerGateTests : IAsyncLifetime, IDisposable
{
    private const string OperatorKey = "operator-key-0123456789abcdef-0123456789";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly AssertionForge _token = new();
    private readonly AssertionForge _stranger = new();
    private SampleServer? _server;

    private SampleServer Server => _server!;

    private DateTimeOffset Now => _clock.GetUtcNow();

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_folder.File("operator.key"), OperatorKey + "\n");
        File.SetUnixFileMode(_folder.File("operator.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _server = await SampleServer.StartAsync(
            new SampleBehaviour(),
            new Dictionary<string, string?>
            {
                ["Operator:KeyFile"] = _folder.File("operator.key"),
                ["TrustedServices:token:PublicKey"] = _token.PublicKey,
                ["TrustedServices:token:Permissions:0"] = "iam.scopes.explain",
                ["TrustedServices:realm-admin:PublicKey"] = _stranger.PublicKey,
                ["TrustedServices:realm-admin:Permissions:0"] = "iam.permissions.check",
            },
            builder => builder.Services.AddSingleton<TimeProvider>(_clock));
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose()
    {
        _token.Dispose();
        _stranger.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("bearer ")]
    public async Task An_operator_gets_in_with_the_key_whatever_the_schemes_case(string scheme) =>
        Assert.Equal("Operator operator", await CallerAsync(scheme + OperatorKey));

    [Fact]
    public async Task An_operator_gets_in_with_a_key_that_was_given_by_value_and_with_no_other()
    {
        const string key = "a-key-of-the-environment-that-is-long-enough";
        await using var server = await SampleServer.StartAsync(new SampleBehaviour(), new Dictionary<string, string?> { ["Operator:Key"] = $" {key}\n" });

        Assert.Equal("Operator operator", await CallerAsync(server, "Bearer " + key));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => CallerAsync(server, "Bearer " + OperatorKey));
        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
    }

    [Fact]
    public async Task A_trusted_service_gets_in_with_an_assertion_for_this_service() =>
        Assert.Equal("Service token", await CallerAsync("Bearer " + _token.Sign(Claims())));

    [Fact]
    public async Task An_assertion_is_good_again_until_it_expires_and_no_longer()
    {
        var assertion = "Bearer " + _token.Sign(Claims());
        Assert.Equal("Service token", await CallerAsync(assertion));

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("Service token", await CallerAsync(assertion));

        _clock.Advance(TimeSpan.FromSeconds(1));
        await AssertUnauthenticatedAsync(assertion);
    }

    [Theory]
    [InlineData("no header", null)]
    [InlineData("empty", "")]
    [InlineData("scheme only", "Bearer ")]
    [InlineData("other scheme", "Basic " + OperatorKey)]
    [InlineData("no scheme", OperatorKey)]
    [InlineData("garbage", "Bearer garbage")]
    [InlineData("three dots", "Bearer ...")]
    [InlineData("parts that are no JSON", "Bearer AAAA.AAAA.AAAA")]
    [InlineData("a part of the operator key", "Bearer operator-key-0123456789abcdef-012345678")]
    [InlineData("more than the operator key", "Bearer " + OperatorKey + "0")]
    [InlineData("operator key in other case", "Bearer OPERATOR-KEY-0123456789ABCDEF-0123456789")]
    public async Task Nobody_gets_in_without_a_credential(string what, string? header)
    {
        Assert.NotEmpty(what);
        await AssertUnauthenticatedAsync(header);
    }

    [Fact]
    public async Task Two_authorization_headers_are_none() =>
        Assert.Equal("UNAUTHENTICATED", RichStatus.ReasonOf(await RefusalAsync(
            new Metadata { { "authorization", "Bearer " + OperatorKey }, { "authorization", "Bearer x" } })));

    [Fact]
    public Task A_credential_that_is_too_long_is_refused() => AssertUnauthenticatedAsync("Bearer " + new string('x', 16 * 1024));

    [Fact]
    public Task Refuses_an_assertion_for_another_service() =>
        AssertUnauthenticatedAsync("Bearer " + _token.Sign(AssertionForge.Claims("token", "realm-admin", Now, Minute)));

    [Fact]
    public Task Refuses_an_assertion_that_has_expired() =>
        AssertUnauthenticatedAsync("Bearer " + _token.Sign(AssertionForge.Claims("token", "consent", Now - Minute, Minute)));

    [Fact]
    public Task Refuses_an_assertion_that_lives_too_long() =>
        AssertUnauthenticatedAsync("Bearer " + _token.Sign(AssertionForge.Claims("token", "consent", Now, TimeSpan.FromSeconds(61))));

    [Fact]
    public Task Refuses_an_assertion_from_the_future() =>
        AssertUnauthenticatedAsync("Bearer " + _token.Sign(AssertionForge.Claims("token", "consent", Now.AddSeconds(11), Minute)));

    [Fact]
    public async Task Accepts_a_clock_that_is_ten_seconds_ahead() =>
        Assert.Equal(
            "Service token",
            await CallerAsync("Bearer " + _token.Sign(AssertionForge.Claims("token", "consent", Now.AddSeconds(10), TimeSpan.FromSeconds(50)))));

    [Fact]
    public Task Refuses_an_assertion_with_the_key_of_another_trusted_service() =>
        AssertUnauthenticatedAsync("Bearer " + _stranger.Sign(Claims()));

    [Fact]
    public Task Refuses_an_issuer_that_is_not_trusted() =>
        AssertUnauthenticatedAsync("Bearer " + _token.Sign(AssertionForge.Claims("consent", "consent", Now, Minute)));

    [Theory]
    [InlineData("alg none", """{"alg":"none","typ":"service+jwt"}""")]
    [InlineData("alg HS256", """{"alg":"HS256","typ":"service+jwt"}""")]
    [InlineData("alg in lower case", """{"alg":"es256","typ":"service+jwt"}""")]
    [InlineData("type of an access token", """{"alg":"ES256","typ":"at+jwt"}""")]
    [InlineData("no type", """{"alg":"ES256"}""")]
    [InlineData("an extension that must be understood", """{"alg":"ES256","typ":"service+jwt","crit":["exp"]}""")]
    [InlineData("a name twice", """{"alg":"none","alg":"ES256","typ":"service+jwt"}""")]
    public async Task Refuses_another_header_even_where_the_signature_fits(string what, string header)
    {
        Assert.NotEmpty(what);
        await AssertUnauthenticatedAsync("Bearer " + _token.Sign(Claims(), header));
    }

    [Fact]
    public async Task Refuses_an_unsigned_assertion()
    {
        var unsigned = $"{AssertionForge.Part("""{"alg":"none","typ":"service+jwt"}""")}.{AssertionForge.Part(Claims())}.";
        await AssertUnauthenticatedAsync("Bearer " + unsigned);

        await AssertUnauthenticatedAsync($"Bearer {AssertionForge.Part(AssertionForge.Header)}.{AssertionForge.Part(Claims())}.");
    }

    [Fact]
    public async Task Refuses_claims_that_were_changed_after_the_signature()
    {
        var parts = _token.Sign(AssertionForge.Claims("token", "realm-admin", Now, Minute)).Split('.');
        await AssertUnauthenticatedAsync($"Bearer {parts[0]}.{AssertionForge.Part(Claims())}.{parts[2]}");
    }

    [Theory]
    [InlineData("""{"iss":"token","aud":"consent"}""")]
    [InlineData("""{"iss":"token","aud":"consent","iat":"now","exp":"later"}""")]
    [InlineData("""{"iss":"token","aud":["consent"],"iat":1767268800,"exp":1767268860}""")]
    [InlineData("""{"iss":"token","aud":"consent","iat":1767268800,"exp":99999999999999}""")]
    [InlineData("""["token"]""")]
    [InlineData("null")]
    public Task Refuses_claims_of_another_shape(string claims) => AssertUnauthenticatedAsync("Bearer " + _token.Sign(claims));

    [Fact]
    public async Task A_service_that_lacks_the_permission_is_known_and_refused()
    {
        var refusal = await RefusalAsync(new Metadata
        {
            { "authorization", "Bearer " + _stranger.Sign(AssertionForge.Claims("realm-admin", "consent", Now, Minute)) },
        });

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Equal("PERMISSION_DENIED", RichStatus.ReasonOf(refusal));
    }

    private string Claims() => AssertionForge.Claims("token", "consent", Now, Minute);

    private Task<string> CallerAsync(string header) => CallerAsync(Server, header);

    private static async Task<string> CallerAsync(SampleServer server, string header)
    {
        var answer = await server.Client.ExplainScopesAsync(
            new Wire.ExplainScopesRequest { RealmId = "demo" }, new Metadata { { "authorization", header } });
        return Assert.Single(answer.OfferedScopes);
    }

    private async Task AssertUnauthenticatedAsync(string? header)
    {
        var refusal = await RefusalAsync(header is null ? [] : new Metadata { { "authorization", header } });

        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
        Assert.Equal("UNAUTHENTICATED", RichStatus.ReasonOf(refusal));
    }

    private async Task<RpcException> RefusalAsync(Metadata headers) => await Assert.ThrowsAsync<RpcException>(
        async () => await Server.Client.ExplainScopesAsync(new Wire.ExplainScopesRequest { RealmId = "demo" }, headers));
}
