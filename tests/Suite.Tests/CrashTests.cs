using System.Collections.Concurrent;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using Testing;

namespace Suite.Tests;

/// <summary>kill -9 under load: what was acknowledged is there afterwards.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_acknowledged_write_survives_a_kill()
    {
        var written = new Written();
        var ports = SuiteProcess.FreePorts();
        for (var round = 1; round <= 3; round++)
        {
            await using (var suite = await SuiteProcess.StartAsync(_folder.File("data"), ports))
            {
                await AssertKeptAsync(suite, written);
                var load = Enumerable.Range(0, 3).Select(i => RevokeAsync(suite, written)).Append(ImportAsync(suite, written, round)).ToArray();
                var (imports, revocations) = (written.Imports, written.Revoked.Count);
                await WaitForAsync(() => written.Imports >= imports + 5 && written.Revoked.Count >= revocations + 20);

                await suite.KillAsync();
                await Task.WhenAll(load);
            }
        }

        await using var survivor = await SuiteProcess.StartAsync(_folder.File("data"), ports);
        await AssertKeptAsync(survivor, written);
    }

    private static async Task AssertKeptAsync(SuiteProcess suite, Written written)
    {
        var realm = (await new RealmService.RealmServiceClient(suite.RealmAdmin)
            .GetRealmAsync(new GetRealmRequest { RealmId = "demo" }, suite.Operator)).Realm;
        // The write that was under way when the suite was killed may have been committed without its answer being heard.
        Assert.InRange(realm.Revision, written.Revision, Math.Max(1, written.Revision + 1));
        if (realm.Revision == written.Revision)
        {
            Assert.Equal(written.DisplayName, realm.DisplayName);
        }

        var tokens = new TokenService.TokenServiceClient(suite.Token);
        foreach (var token in written.Revoked)
        {
            var answer = await tokens.IntrospectTokenAsync(new IntrospectTokenRequest { RealmId = "demo", Token = token }, suite.Operator);
            Assert.False(answer.Active);
        }

        // The signing key outlived the kill too: a token from before that nobody revoked is still good.
        foreach (var token in written.Kept)
        {
            var answer = await tokens.IntrospectTokenAsync(new IntrospectTokenRequest { RealmId = "demo", Token = token }, suite.Operator);
            Assert.True(answer.Active);
        }
    }

    private static async Task ImportAsync(SuiteProcess suite, Written written, int round)
    {
        for (var i = 0; ; i++)
        {
            var name = $"Round {round}, write {i}";
            try
            {
                var revision = await Demo.ImportAsync(
                    suite, suite.Operator, d => d.Replace("display_name: Demo\n", $"display_name: {name}\n", StringComparison.Ordinal));
                (written.Revision, written.DisplayName) = (revision, name);
                written.Imports++;
            }
            catch (RpcException)
            {
                return;
            }
        }
    }

    private static async Task RevokeAsync(SuiteProcess suite, Written written)
    {
        var tokens = new TokenService.TokenServiceClient(suite.Token);
        try
        {
            written.Kept.Add(await Demo.TokenAsync(suite, "demo-service", Demo.ServiceSecret, "acme"));
            while (true)
            {
                var token = await Demo.TokenAsync(suite, "demo-service", Demo.ServiceSecret, "acme");
                await tokens.RevokeTokenAsync(new RevokeTokenRequest { RealmId = "demo", Token = token }, suite.Operator);
                written.Revoked.Add(token);
            }
        }
        catch (RpcException)
        {
            // Killed.
        }
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (var i = 0; i < 600 && !condition(); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Assert.True(condition());
    }

    /// <summary>What was acknowledged.</summary>
    private sealed class Written
    {
        public long Revision { get; set; } = 1;

        public string DisplayName { get; set; } = "Demo";

        public int Imports { get; set; }

        public ConcurrentBag<string> Revoked { get; } = [];

        public ConcurrentBag<string> Kept { get; } = [];
    }
}
