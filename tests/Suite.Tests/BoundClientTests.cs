using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Consent.V1;
using Pltfrms.Iam.RealmAdmin.V1;
using DecisionReason = Pltfrms.Iam.Client.DecisionReason;

namespace Suite.Tests;

/// <summary>Clients that get tokens only if these are bound to a key (<c>dpop_bound_access_tokens</c>), at a running suite.</summary>
public sealed class BoundClientTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private readonly SuiteProcess _suite = fixture.Suite;

    [Fact]
    public async Task One_checks_decides_by_itself_and_administers_all_services_and_who_overhears_it_does_nothing()
    {
        await BindAsync();
        await using var api = Provider("demo-api", Demo.ApiSecret, IamMode.Local);
        await using var administrator = Provider("demo-operator", Demo.OperatorSecret, IamMode.Remote);
        var tokens = administrator.GetRequiredService<IamTokens>();
        Overhearing overheard = new();

        await IsLocalAsync(api);
        var decision = await api.GetRequiredService<IamClient>().CheckPermissionAsync(
            new PermissionCheck { Subject = PermissionSubject.User("alice"), Permission = "invoices.read", OrganizationId = "acme" }, CancellationToken.None);
        var realm = await new RealmService.RealmServiceClient(Invoker(_suite.RealmAdmin)).GetRealmAsync(new() { RealmId = "demo" });
        var consents = await new ConsentService.ConsentServiceClient(Invoker(_suite.Consent)).ListConsentsAsync(new() { RealmId = "demo", UserId = "alice" });

        Assert.Equal(DecisionReason.Allowed, decision.Reason);
        Assert.Equal(("demo", 0), (realm.Realm.RealmId, consents.Consents.Count));
        var calls = new[] { _suite.RealmAdmin, _suite.Consent }.Zip(overheard.Headers).ToList();
        Assert.Equal(2, calls.Count);
        foreach (var (channel, headers) in calls)
        {
            Assert.Equal(channel == _suite.RealmAdmin ? StatusCode.Unauthenticated : StatusCode.InvalidArgument, await AgainAsync(channel, headers));
            var bearer = headers.GetValue("authorization")!.Replace("DPoP", "Bearer", StringComparison.Ordinal);
            Assert.Equal(StatusCode.Unauthenticated, await AgainAsync(channel, new() { { "authorization", bearer } }));
        }

        CallInvoker Invoker(GrpcChannel channel) => channel
            .Intercept(overheard)
            .Intercept(new IamTokenInterceptor(cancellation => tokens.GetAsync(new TokenRequest(), cancellation), new Uri($"http://{channel.Target}")));
    }

    private async Task<StatusCode> AgainAsync(GrpcChannel channel, Metadata headers)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            if (channel == _suite.RealmAdmin)
            {
                await new RealmService.RealmServiceClient(channel).GetRealmAsync(new() { RealmId = "demo" }, headers);
            }
            else
            {
                await new ConsentService.ConsentServiceClient(channel).ListConsentsAsync(new() { RealmId = "demo", UserId = "alice" }, headers);
            }
        });
        return refusal.StatusCode;
    }

    private async Task BindAsync()
    {
        const string bound = "    dpop_bound_access_tokens: true\n";
        var revision = await Demo.ImportAsync(_suite, _suite.Operator, document =>
        {
            foreach (var client in new[] { "  - client_id: demo-api\n    display_name: Demo API\n", "  - client_id: demo-operator\n    display_name: Demo operator\n" })
            {
                Assert.Contains(client, document, StringComparison.Ordinal);
                document = document.Replace(client, client + bound, StringComparison.Ordinal);
            }

            return document;
        });
        await Demo.CheckAsync(_suite, _suite.Operator, "nobody's", "invoices.read", "", revision);
    }

    private ServiceProvider Provider(string clientId, string secret, IamMode mode)
    {
        var services = new ServiceCollection().AddPltfrmsIam(options =>
        {
            options.Address = new Uri($"http://127.0.0.1:{_suite.Ports.TokenGrpc}");
            (options.RealmId, options.ClientId, options.ClientSecret) = ("demo", clientId, secret);
            (options.UseDpop, options.Issuer) = (true, _suite.Issuer);
            // A busy machine keeps heartbeats waiting.
            (options.Mode, options.Timeout, options.FeedStaleAfter) = (mode, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20));
        });
        services.AddHealthChecks().AddPltfrmsIam();
        return services.BuildServiceProvider();
    }

    private static async Task IsLocalAsync(ServiceProvider provider)
    {
        _ = provider.GetRequiredService<IamClient>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(patience.Token)).Status != HealthStatus.Healthy)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    /// <summary>Keeps what calls carry.</summary>
    private sealed class Overhearing : Interceptor
    {
        public List<Metadata> Headers { get; } = [];

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            Headers.Add(context.Options.Headers!);
            return continuation(request, context);
        }
    }
}
