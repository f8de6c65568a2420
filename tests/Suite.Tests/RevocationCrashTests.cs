using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Consent.V1;
using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.V1;
using Testing;

namespace Suite.Tests;

/// <summary>kill -9 of the consent service between a decision and the token service's hearing of it: the tokens end all the same.</summary>
public sealed class RevocationCrashTests : IAsyncLifetime
{
    private readonly ServiceSettings _settings = new();
    private readonly int _realmAdminPort = FreePort.Next();
    private readonly int _tokenPort = FreePort.Next();
    private readonly int _consentPort = FreePort.Next();
    private readonly string _issuing = ServiceSettings.Local(FreePort.Next());
    private readonly List<WebApplication> _services = [];

    // What consent takes for the token service: the one thing that the test can stop between the two.
    private readonly TcpRelay _wire;
    private readonly GrpcChannel _token;
    private readonly GrpcChannel _consent;

    public RevocationCrashTests()
    {
        _wire = new TcpRelay(_tokenPort);
        _token = GrpcChannel.ForAddress(ServiceSettings.Local(_tokenPort));
        _consent = GrpcChannel.ForAddress(ServiceSettings.Local(_consentPort));
    }

    private ConsentService.ConsentServiceClient Consents => new(_consent);

    public async Task InitializeAsync()
    {
        await StartAsync(RealmAdminHost.Build([], _settings.RealmAdmin(_settings.Sqlite(ServiceNames.RealmAdmin), _realmAdminPort, _tokenPort, _consentPort)));
        using var channel = GrpcChannel.ForAddress(ServiceSettings.Local(_realmAdminPort));
        await new RealmService.RealmServiceClient(channel).ImportRealmAsync(
            new() { RealmId = "demo", Document = await File.ReadAllTextAsync(SuiteProcess.DemoRealmFile) }, ServiceSettings.Operator);
        await StartAsync(TokenHost.Build(
            [], _settings.Token(_settings.Sqlite(ServiceNames.Token), _issuing, _issuing, _tokenPort, _realmAdminPort, _consentPort)));
        _wire.Join();
    }

    public async Task DisposeAsync()
    {
        _token.Dispose();
        _consent.Dispose();
        _wire.Dispose();
        await Task.WhenAll(_services.Select(service => service.StopAsync()));
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        _settings.Dispose();
    }

    [Theory]
    [InlineData("a client is revoked")]
    [InlineData("a scope is denied")]
    public async Task A_withdrawal_that_was_committed_survives_a_kill_before_the_token_service_hears_of_it(string what)
    {
        string token;
        await using (var consent = await StartConsentAsync())
        {
            token = await new DemoUser("carol", _issuing, Consents, ServiceSettings.Operator).AuthorizeAsync("invoices.read invoices.create");
            Assert.True(await IsActiveAsync(token));

            _wire.Cut();
            using var mute = Listen(_wire.Port);
            Assert.False(mute.Poll(0, SelectMode.SelectRead));
            var withdrawal = WithdrawAsync(what);
            // Consent calls the token service once the decision is committed, and gets no answer.
            using var call = await mute.AcceptAsync();
            await consent.KillAsync();
            await Assert.ThrowsAsync<RpcException>(() => withdrawal);
        }

        Assert.True(await IsActiveAsync(token));
        _wire.Join();
        await using var restarted = await StartConsentAsync();

        await WaitForAsync(async () => !await IsActiveAsync(token));
        var left = await Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = "carol" }, ServiceSettings.Operator);
        var granted = left.Consents.Where(found => found.Decision == ConsentDecision.Granted).Select(found => found.Scope);
        Assert.Equal(what == "a scope is denied" ? ["invoices.create"] : [], granted);
        var receipts = await Consents.ListReceiptsAsync(new() { RealmId = "demo", UserId = "carol" }, ServiceSettings.Operator);
        Assert.Equal(2, receipts.Receipts.Count);
    }

    private async Task WithdrawAsync(string what)
    {
        if (what == "a client is revoked")
        {
            await Consents.RevokeConsentsAsync(new() { RealmId = "demo", UserId = "carol", ClientId = "demo-web" }, ServiceSettings.Operator);
            return;
        }

        await Consents.ChangeConsentAsync(
            new() { RealmId = "demo", UserId = "carol", ClientId = "demo-web", Scope = "invoices.read", Decision = ConsentDecision.Denied },
            ServiceSettings.Operator);
    }

    private async Task<ProcessUnderTest> StartConsentAsync()
    {
        var settings = _settings.Consent(_settings.Sqlite(ServiceNames.Consent), _consentPort, _realmAdminPort, _wire.Port);
        var process = ProcessUnderTest.Start(
            Path.Combine(AppContext.BaseDirectory, "Pltfrms.Iam.Consent"),
            [],
            settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));
        try
        {
            await WaitForAsync(async () =>
            {
                Assert.False(process.HasExited, string.Join('\n', process.Lines));
                return await AnswersAsync();
            });
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = "carol" }, ServiceSettings.Operator);
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    private async Task StartAsync(WebApplication service)
    {
        _services.Add(service);
        await ServiceHost.StartAsync(service);
    }

    private async Task<bool> IsActiveAsync(string token) => (await new TokenService.TokenServiceClient(_token)
        .IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, ServiceSettings.Operator)).Active;

    /// <summary>A server that takes connections and says nothing.</summary>
    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen();
        return socket;
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        Assert.Fail("It did not come true within a minute.");
    }
}
