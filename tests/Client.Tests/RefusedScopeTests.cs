using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client;

namespace Client.Tests;

/// <summary>A client that may not have what it asks for says what it asked for, and which setting asks.</summary>
public sealed class RefusedScopeTests
{
    [Theory]
    [InlineData("INVALID_SCOPE")]
    [InlineData("INVALID_TARGET")]
    public async Task A_client_without_the_scopes_of_the_librarys_own_calls_is_named(string reason)
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Issue = (_, _) => throw Faults.Of(StatusCode.InvalidArgument, reason);

        var fault = await Assert.ThrowsAsync<IamClientException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.Equal(
            $"{reason}: Iam:ClientId or Iam:CallScopes: the client 'demo-api' may have none of 'iam.permissions.check iam.tokens.introspect' for 'urn:pltfrms:iam'; "
            + "it must be registered for these scopes, and the role iam-resource-server lets it use them",
            fault.Message);
    }

    [Fact]
    public async Task Other_scopes_for_the_librarys_own_calls_are_told()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.CallScopes.Add("invoices.read"));
        fixture.Server.Issue = (_, _) => throw Faults.Of(StatusCode.InvalidArgument, "INVALID_SCOPE");

        var fault = await Assert.ThrowsAsync<IamClientException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.Contains("Iam:CallScopes: the client 'demo-api' may have none of 'invoices.read' for 'urn:pltfrms:iam'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_request_of_the_application_tells_its_scopes_and_audience_in_the_exception_and_the_log()
    {
        await using var server = await ContractServer.StartAsync();
        server.Issue = (_, _) => throw Faults.Of(StatusCode.InvalidArgument, "INVALID_SCOPE");
        using var log = new LogLines();
        await using var provider = Provider(server, log);
        var tokens = provider.GetRequiredService<IamTokens>();
        var request = new TokenRequest("invoices.write", "invoices.read") { Audience = "https://api.example" };

        var fault = await Assert.ThrowsAsync<IamClientException>(() => tokens.GetAsync(request, CancellationToken.None).AsTask());
        var exchange = await Assert.ThrowsAsync<IamClientException>(() => tokens.ExchangeAsync("the-token", new TokenRequest(), CancellationToken.None).AsTask());

        Assert.Equal("INVALID_SCOPE: refused Asked for: 'invoices.read invoices.write' for 'https://api.example'", fault.Message);
        Assert.Equal("INVALID_SCOPE: refused Asked for: no scope by name", exchange.Message);
        Assert.Equal(
            [$"No access token: {fault.Message} (organization (null))", $"No access token: {exchange.Message} (organization (null))"],
            log.All.Where(line => line.StartsWith("No access token", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.All, line => line.Contains("the-token", StringComparison.Ordinal) || line.Contains("the-secret", StringComparison.Ordinal));
    }

    private static ServiceProvider Provider(ContractServer server, ILoggerProvider log) => new ServiceCollection()
        .AddLogging(logging => logging.AddProvider(log))
        .AddPltfrmsIam(options =>
        {
            options.Address = server.Address;
            (options.RealmId, options.ClientId, options.ClientSecret) = ("demo", "demo-api", "the-secret");
            options.Timeout = TimeSpan.FromSeconds(30);
        })
        .BuildServiceProvider();
}
