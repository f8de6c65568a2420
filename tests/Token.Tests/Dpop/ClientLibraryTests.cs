using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using AccessToken = Pltfrms.Iam.Client.AccessToken;

namespace Token.Tests.Dpop;

/// <summary>The .NET client with a DPoP key: at the token service for tokens, and with them at a service that the library protects.</summary>
public sealed class ClientLibraryTests(DpopFixture fixture) : IClassFixture<DpopFixture>
{
    [Theory]
    [InlineData(DpopBench.Free)]
    [InlineData(DpopBench.Strict)]
    [InlineData(DpopBench.Nonces)]
    public async Task A_token_is_bound_to_the_key_whatever_the_realm_demands(string realmId)
    {
        await using var provider = Provider(realmId, options => options.UseDpop = true);
        var tokens = provider.GetRequiredService<IamTokens>();

        var read = await tokens.GetAsync(new TokenRequest("invoices.read"), CancellationToken.None);
        var files = await tokens.GetAsync(new TokenRequest("files.read"), CancellationToken.None);

        Assert.Equal(("DPoP", true), (read.Scheme, read.IsBound));
        Assert.NotEqual(read.Value, files.Value);
        Assert.Equal(ThumbprintOf(read), ThumbprintOf(files));
    }

    [Fact]
    public async Task Where_proofs_are_demanded_a_client_without_them_is_told_which_setting_it_lacks()
    {
        await using var provider = Provider(DpopBench.Strict, _ => { });

        var fault = await Assert.ThrowsAsync<IamClientException>(
            async () => await provider.GetRequiredService<IamTokens>().GetAsync(new TokenRequest("invoices.read"), CancellationToken.None));

        Assert.Equal(IamErrorReason.InvalidDpopProof, fault.Reason);
        Assert.StartsWith("INVALID_DPOP_PROOF: Iam:UseDpop is not set", fault.Message);
    }

    [Fact]
    public async Task Calls_prove_the_key_and_what_somebody_else_saw_of_them_is_good_for_nothing()
    {
        List<(string Authorization, string Proof)> seen = [];
        await using var service = await ServeAsync(http => seen.Add((http.Request.Headers.Authorization.ToString(), http.Request.Headers["DPoP"].ToString())));
        var address = service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/invoices";
        await using var provider = Provider(
            DpopBench.Nonces,
            options => options.UseDpop = true,
            services => services.AddHttpClient("api").AddIamToken(new TokenRequest("invoices.read")));
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        Assert.Equal("machine", await http.GetStringAsync(address + "?year=2026"));
        Assert.Equal("machine", await http.GetStringAsync(address));

        // The first without the service's nonce, then one each.
        Assert.Equal(3, seen.Select(request => request.Proof).Distinct().Count());
        var (authorization, proof) = seen[^1];
        Assert.StartsWith("DPoP ", authorization);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(address, authorization, proof));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(address, authorization, proof: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(address, authorization.Replace("DPoP", "Bearer", StringComparison.Ordinal), proof: null));
    }

    [Theory]
    [InlineData(DpopBench.Free, false)]
    [InlineData(DpopBench.Free, true)]
    [InlineData(DpopBench.Strict, false)]
    [InlineData(DpopBench.Nonces, false)]
    [InlineData(DpopBench.Nonces, true)]
    public async Task Its_own_calls_are_bound_too_unless_told_otherwise(string realmId, bool isUnbound)
    {
        await using var provider = Provider(realmId, options =>
        {
            (options.ClientId, options.ClientSecret) = ("demo-api", TestRealm.ApiSecret);
            (options.UseDpop, options.UnboundCalls) = (true, isUnbound);
        });
        var iam = provider.GetRequiredService<IamClient>();
        var own = await provider.GetRequiredService<IamTokens>().GetAsync(
            new TokenRequest("iam.permissions.check", "iam.tokens.introspect") { Audience = "urn:pltfrms:iam", Unbound = isUnbound }, CancellationToken.None);

        var introspection = await iam.IntrospectAsync(own.Value, CancellationToken.None);
        var allowed = await iam.CheckPermissionAsync(Bob("invoices.read"), CancellationToken.None);
        var denied = await iam.CheckPermissionAsync(Bob("invoices.create"), CancellationToken.None);
        // The nonce of minutes ago is an old one.
        fixture.Bench.Flow.Clock.Advance(TimeSpan.FromMinutes(4));
        var later = await iam.CheckPermissionAsync(Bob("invoices.read"), CancellationToken.None);

        Assert.Equal((true, !isUnbound), (introspection.Active, introspection.Confirmation is not null));
        Assert.Equal([true, false, true], [allowed.Allowed, denied.Allowed, later.Allowed]);
    }

    [Fact]
    public async Task A_client_that_gets_bound_tokens_only_is_told_so_where_its_calls_are_to_be_unbound()
    {
        await using var provider = Provider(DpopBench.Strict, options =>
        {
            (options.ClientId, options.ClientSecret) = ("demo-api", TestRealm.ApiSecret);
            (options.UseDpop, options.UnboundCalls) = (true, true);
        });

        var fault = await Assert.ThrowsAsync<IamClientException>(
            () => provider.GetRequiredService<IamClient>().IntrospectAsync("a-token", CancellationToken.None));

        Assert.Equal("INVALID_DPOP_PROOF: Iam:UnboundCalls is set: The DPoP proof is missing: tokens of the client are bound to a key.", fault.Message);
    }

    [Fact]
    public async Task An_interceptor_gives_the_nonce_that_a_service_demands_to_calls_of_every_kind()
    {
        await using var provider = Provider(DpopBench.Nonces, options =>
        {
            (options.ClientId, options.ClientSecret) = ("demo-api", TestRealm.ApiSecret);
            options.UseDpop = true;
        });
        var tokens = provider.GetRequiredService<IamTokens>();
        using var channel = GrpcChannel.ForAddress(fixture.Bench.One.GrpcAddress);
        CallInvoker Invoker() => channel.Intercept(new IamTokenInterceptor(
            cancellation => tokens.GetAsync(new TokenRequest("iam.tokens.introspect"), cancellation), new Uri(fixture.Bench.One.GrpcAddress)));
        var request = new Pltfrms.Iam.Token.V1.IntrospectTokenRequest { RealmId = DpopBench.Nonces, Token = "a-token" };

        var once = await new Pltfrms.Iam.Token.V1.TokenService.TokenServiceClient(Invoker()).IntrospectTokenAsync(request);
        var blocking = new Pltfrms.Iam.Token.V1.TokenService.TokenServiceClient(Invoker()).IntrospectToken(request);

        Assert.Equal((false, false), (once.Active, blocking.Active));
    }

    private static PermissionCheck Bob(string permission) =>
        new() { Subject = PermissionSubject.User("bob"), Permission = permission, OrganizationId = "globex" };

    private async Task<WebApplication> ServeAsync(Action<HttpContext> see)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(fixture.Bench.Flow.Clock);
        builder.Services.AddPltfrmsIam(options => Configure(options, DpopBench.Nonces, "demo-api", TestRealm.ApiSecret));
        builder.Services.AddAuthentication().AddPltfrmsIam(options => (options.Audience, options.RequireDpop, options.RequireDpopNonce) = (TestRealm.Api, true, true));
        builder.Services.AddAuthorization();
        var service = builder.Build();
        service.Use((http, next) =>
        {
            see(http);
            return next(http);
        });
        service.UseAuthentication();
        service.UseAuthorization();
        service.MapGet("/invoices", (HttpContext http) => http.User.GetClientId()).RequireAuthorization();
        await service.StartAsync();
        return service;
    }

    private static async Task<HttpStatusCode> SendAsync(string address, string authorization, string? proof)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (proof is not null)
        {
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        }

        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private ServiceProvider Provider(string realmId, Action<IamClientOptions> configure, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(fixture.Bench.Flow.Clock).AddPltfrmsIam(options =>
        {
            Configure(options, realmId, "machine", TestRealm.ServiceSecret);
            configure(options);
        });
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private void Configure(IamClientOptions options, string realmId, string clientId, string secret)
    {
        (options.Address, options.RealmId) = (new Uri(fixture.Bench.One.GrpcAddress), realmId);
        (options.ClientId, options.ClientSecret) = (clientId, secret);
        options.Issuer = new Uri($"{FlowBench.PublicAddress}/realms/{realmId}");
        options.Timeout = TimeSpan.FromSeconds(30);
    }

    private static string ThumbprintOf(AccessToken token) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Value.Split('.')[1])).RootElement.GetProperty("cnf").GetProperty("jkt").GetString()!;
}
