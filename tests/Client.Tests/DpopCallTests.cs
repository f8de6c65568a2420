using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Client.Tests.Local;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Pltfrms.Iam.Client;
using static Client.Tests.ReadProof;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

/// <summary>gRPC calls with tokens that are bound to this application's key: the library's own, and those of its interceptor.</summary>
public sealed class DpopCallTests
{
    private const string Service = "pltfrms.iam.token.v1.TokenService";

    private static readonly TokenRequest Ledger = new("ledger.read");

    private readonly ConcurrentQueue<string> _proofs = [];

    [Fact]
    public async Task Each_of_its_own_calls_has_a_proof_for_its_method_and_token()
    {
        await using var fixture = await StartAsync();

        await fixture.Iam.IntrospectAsync("a-token", CancellationToken.None);
        await fixture.Iam.IntrospectAsync("another", CancellationToken.None);
        await fixture.Iam.CheckPermissionAsync(Question, CancellationToken.None);

        Assert.Single(fixture.Server.TokenRequests);
        Assert.Equal(["DPoP token-1", "DPoP token-1", "DPoP token-1"], fixture.Server.Authorizations);
        string[] methods = ["TokenService/IntrospectToken", "TokenService/IntrospectToken", "PermissionService/CheckPermission"];
        Assert.Equal(methods.Select(method => $"{fixture.Server.Address}pltfrms.iam.token.v1.{method}"), _proofs.Select(proof => Claim(proof, "htu")));
        Assert.All(_proofs, proof => Assert.Equal(("POST", Base64Url.EncodeToString(SHA256.HashData("token-1"u8)), null), (Claim(proof, "htm"), Claim(proof, "ath"), Claim(proof, "nonce"))));
        Assert.All(_proofs, AssertSigned);
        Assert.Equal(3, _proofs.Select(proof => Claim(proof, "jti")).Distinct().Count());
    }

    [Fact]
    public async Task Where_they_are_to_be_unbound_its_own_calls_are_and_others_are_not()
    {
        await using var fixture = await StartAsync(options => options.UnboundCalls = true);

        await fixture.Iam.IntrospectAsync("a-token", CancellationToken.None);
        var unbound = await fixture.Tokens.GetAsync(Ledger with { Unbound = true }, CancellationToken.None);
        var bound = await fixture.Tokens.GetAsync(Ledger, CancellationToken.None);

        Assert.Equal([true, true, false], fixture.Server.TokenRequests.Select(request => request.DpopProof.Length == 0));
        Assert.Equal(["Bearer token-1"], fixture.Server.Authorizations);
        Assert.Equal([""], _proofs);
        Assert.Equal(("Bearer", "DPoP"), (unbound.Scheme, bound.Scheme));
        Assert.Throws<InvalidOperationException>(() => unbound.Prove("GET", new Uri("https://ledger.example"), nonce: null));
    }

    [Fact]
    public async Task A_nonce_that_the_token_service_demands_of_a_call_is_given_at_once_and_from_then_on()
    {
        await using var fixture = await StartAsync();
        Demand(fixture.Server, "first");

        await fixture.Iam.IntrospectAsync("a-token", CancellationToken.None);
        await fixture.Iam.CheckPermissionAsync(Question, CancellationToken.None);
        Demand(fixture.Server, "second");
        await fixture.Iam.IntrospectAsync("a-token", CancellationToken.None);
        await fixture.TokenAsync(Ledger);

        Assert.Equal([null, "first", "first", "first", "second"], _proofs.Select(proof => Claim(proof, "nonce")));
        Assert.Equal([null, "second"], fixture.Server.TokenRequests.Select(request => Claim(request.DpopProof, "nonce")));
    }

    [Fact]
    public async Task A_nonce_that_is_demanded_again_and_again_is_a_failure()
    {
        await using var fixture = await StartAsync();
        Demand(fixture.Server, nonce: null);

        var fault = await Assert.ThrowsAsync<IamClientException>(() => fixture.Iam.IntrospectAsync("a-token", CancellationToken.None));

        Assert.Equal((IamErrorReason.UseDpopNonce, 2), (fault.Reason, _proofs.Count));
    }

    [Fact]
    public async Task The_feeds_are_followed_with_a_proof_and_a_nonce_for_each_stream()
    {
        await using var fixture = await LocalFixture.StartAsync(
            configure: options => (options.UseDpop, options.Issuer) = (true, new Uri(RealmSigner.Issuer)),
            prepare: server =>
            {
                BoundClient.Bind(server);
                Demand(server, "first");
            });

        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(fixture.Token()));
        var good = _proofs.Where(proof => Claim(proof, "nonce") == "first").Select(proof => Claim(proof, "htu")!.Split('/')[^1]).ToHashSet();
        Assert.True(good.IsSupersetOf(["WatchRealm", "WatchRevocations"]));
    }

    [Fact]
    public async Task An_interceptor_proves_its_method_at_the_services_address_and_fails_without_one()
    {
        await using var fixture = await StartAsync();
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);

        await new Wire.TokenService.TokenServiceClient(Invoker(fixture, channel, new Uri("https://ledger.example:8443"))).IntrospectTokenAsync(new());
        var without = new Wire.TokenService.TokenServiceClient(Invoker(fixture, channel, address: null));

        Assert.Equal(["DPoP token-1"], fixture.Server.Authorizations);
        var proof = Assert.Single(_proofs);
        Assert.Equal(("POST", $"https://ledger.example:8443/{Service}/IntrospectToken"), (Claim(proof, "htm"), Claim(proof, "htu")));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await without.IntrospectTokenAsync(new()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interceptor_gives_the_nonce_that_a_service_demands_once_and_from_then_on(bool isOfTheSuite)
    {
        await using var fixture = await StartAsync();
        Demand(fixture.Server, "first", isOfTheSuite);
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        var tokens = new Wire.TokenService.TokenServiceClient(Invoker(fixture, channel, fixture.Server.Address));

        await tokens.IntrospectTokenAsync(new());
        await tokens.IntrospectTokenAsync(new());
        Demand(fixture.Server, "second", isOfTheSuite);
        _ = tokens.IntrospectToken(new());

        Assert.Equal([null, "first", "first", "first", "second"], _proofs.Select(proof => Claim(proof, "nonce")));
        Assert.Single(fixture.Server.TokenRequests);
    }

    [Fact]
    public async Task An_interceptor_opens_a_stream_again_with_the_nonce_and_asks_no_third_time()
    {
        await using var fixture = await StartAsync();
        Demand(fixture.Server, "first");
        fixture.Server.Feeds.Put(DemoRealm.Resources);
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        var feeds = new Wire.DecisionFeedService.DecisionFeedServiceClient(Invoker(fixture, channel, fixture.Server.Address));

        using (var call = feeds.WatchRealm(new()))
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal("view-1", call.ResponseStream.Current.View.ViewId);
        }
        Demand(fixture.Server, nonce: null);
        using var refused = feeds.WatchRealm(new());
        var fault = await Assert.ThrowsAsync<RpcException>(() => refused.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal((StatusCode.FailedPrecondition, StatusCode.FailedPrecondition), (fault.StatusCode, refused.GetStatus().StatusCode));
        Assert.Equal([null, "first", "first", "demand-4"], _proofs.Select(proof => Claim(proof, "nonce")));
    }

    private static PermissionCheck Question => new() { Subject = PermissionSubject.User("alice"), Permission = "invoices.read" };

    private static CallInvoker Invoker(ClientFixture fixture, GrpcChannel channel, Uri? address) =>
        channel.Intercept(new IamTokenInterceptor(cancellationToken => fixture.Tokens.GetAsync(Ledger, cancellationToken), address));

    private async Task<ClientFixture> StartAsync(Action<IamClientOptions>? configure = null)
    {
        var fixture = await BoundClient.StartAsync(configure);
        fixture.Server.Admit = context => Note(context);
        return fixture;
    }

    private string Note(ServerCallContext context)
    {
        var proof = context.RequestHeaders.GetValue("dpop") ?? "";
        _proofs.Enqueue(proof);
        return proof;
    }

    /// <summary>Calls must have a nonce; null: another one each time. As the suite refuses them, or as a service that this library protects.</summary>
    private void Demand(ContractServer server, string? nonce, bool isOfTheSuite = true) => server.Admit = context =>
    {
        var proof = Note(context);
        var demanded = nonce ?? $"demand-{_proofs.Count + 1}";
        if (Claim(proof, "nonce") == demanded)
        {
            return;
        }
        throw isOfTheSuite
            ? Faults.Of(StatusCode.FailedPrecondition, "USE_DPOP_NONCE", ("dpop_nonce", demanded))
            : new RpcException(
                new Status(StatusCode.Unauthenticated, "A nonce is needed."),
                new Metadata { { "dpop-nonce", demanded }, { "www-authenticate", "DPoP realm=\"demo\", error=\"use_dpop_nonce\", algs=\"ES256\"" } });
    };
}
