using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Pltfrms.Iam.Token.V1;
using Testing;

namespace Suite.Tests;

/// <summary>kill -9 under load: in a realm with a durable audit nobody has a token that the trail does not tell of.</summary>
public sealed class DurableAuditTests : IDisposable
{
    private const int Enough = 200;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_token_that_anybody_got_is_told_of_after_a_kill()
    {
        var issued = new ConcurrentBag<string>();
        var ports = SuiteProcess.FreePorts();
        await using (var suite = await SuiteProcess.StartAsync(_folder.File("data"), ports))
        {
            var revision = await Demo.ImportAsync(suite, suite.Operator, document => document.Replace(
                "\nscope_pipeline:\n", "\naudit_settings:\n  durable_audit: true\nscope_pipeline:\n", StringComparison.Ordinal));
            await Demo.CheckAsync(suite, suite.Operator, "none", "invoices.read", "acme", revision);
            var load = Enumerable.Range(0, 8).Select(_ => IssueAsync(suite, issued)).ToArray();
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (issued.Count < Enough)
            {
                await Task.Delay(20, deadline.Token);
            }

            await suite.KillAsync();
            await Task.WhenAll(load);
            AssertTellsNoToken(suite.Output, issued);
            foreach (var file in suite.DatabaseFiles)
            {
                AssertTellsNoToken(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), issued);
            }
        }

        await using var survivor = await SuiteProcess.StartAsync(_folder.File("data"), ports);
        var told = await AllAsync(survivor);

        Assert.Empty(issued.Select(IdOf).Except(told.Select(happened => happened.TokenId)));
        Assert.Equal(Enumerable.Range(0, told.Count).Select(i => told[0].Sequence + i), told.Select(happened => happened.Sequence));
    }

    private static async Task IssueAsync(SuiteProcess suite, ConcurrentBag<string> issued)
    {
        try
        {
            while (true)
            {
                issued.Add(await Demo.TokenAsync(suite, "demo-service", Demo.ServiceSecret, "acme"));
            }
        }
        catch (RpcException)
        {
            // Killed.
        }
    }

    /// <summary>A signature is in a token and nowhere else.</summary>
    private static void AssertTellsNoToken(string text, IEnumerable<string> tokens)
    {
        foreach (var token in tokens)
        {
            Assert.DoesNotContain(token.Split('.')[2], text, StringComparison.Ordinal);
        }
    }

    private static string IdOf(string token) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement.GetProperty("jti").GetString()!;

    private static async Task<IReadOnlyList<TokenEvent>> AllAsync(SuiteProcess suite)
    {
        List<TokenEvent> told = [];
        var request = new ListTokenEventsRequest { RealmId = "demo", ClientId = "demo-service", PageSize = 1000, OldestFirst = true };
        do
        {
            var page = await new TokenAuditService.TokenAuditServiceClient(suite.Token).ListTokenEventsAsync(request, suite.Operator);
            told.AddRange(page.Events);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return told;
    }
}
