using System.Buffers.Text;
using System.Net;
using System.Text.Json;
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
