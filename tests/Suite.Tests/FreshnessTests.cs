using Pltfrms.Iam.Token.V1;

namespace Suite.Tests;

/// <summary>From an acknowledged change to the decisions that it changes.</summary>
public sealed class FreshnessTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>, IAsyncLifetime
{
    private readonly SuiteProcess _suite = fixture.Suite;

    public Task InitializeAsync() => Demo.ImportEverywhereAsync(_suite, document => document);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("invoices.create", "acme", DecisionReason.Allowed)]
    [InlineData("invoices.create", "acme-retail", DecisionReason.Allowed)]
    [InlineData("invoices.create", "globex", DecisionReason.OrganizationMismatch)]
    [InlineData("payments.refund", "acme", DecisionReason.ScopeNotGranted)]
    public async Task The_demo_realm_decides_as_the_design_says(string permission, string organizationId, DecisionReason reason)
    {
        var api = SuiteProcess.Bearer(await Demo.TokenAsync(_suite, "demo-api", Demo.ApiSecret));
        var token = await Demo.TokenAsync(_suite, "demo-service", Demo.ServiceSecret, "acme");

        var check = await Demo.CheckAsync(_suite, api, token, permission, organizationId, minRevision: 0);

        Assert.Equal((reason == DecisionReason.Allowed, reason), (check.Allowed, check.Reason));
    }

    [Fact]
    public async Task A_removed_role_is_gone_at_once_for_who_asks_for_the_revision_and_within_two_seconds_for_everybody()
    {
        var api = SuiteProcess.Bearer(await Demo.TokenAsync(_suite, "demo-api", Demo.ApiSecret));
        var token = await Demo.TokenAsync(_suite, "demo-service", Demo.ServiceSecret, "acme");

        for (var round = 0; round < 3; round++)
        {
            var given = await Demo.ImportAsync(_suite, _suite.Operator, document => document);
            Assert.True((await Demo.CheckAsync(_suite, api, token, "invoices.create", "acme", given)).Allowed);

            var removed = await Demo.ImportAsync(_suite, _suite.Operator, Without);
            var acknowledged = TimeProvider.System.GetTimestamp();
            var check = await Demo.CheckAsync(_suite, api, token, "invoices.create", "acme", removed);
            Assert.Equal((false, DecisionReason.PermissionNotAssigned), (check.Allowed, check.Reason));
            Assert.True(check.Revision >= removed);

            while (TimeProvider.System.GetElapsedTime(acknowledged) < TimeSpan.FromSeconds(2))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }

            Assert.False((await Demo.CheckAsync(_suite, api, token, "invoices.create", "acme", minRevision: 0)).Allowed);
        }
    }

    private static string Without(string document)
    {
        var changed = document.Replace(Demo.ServiceBinding, "", StringComparison.Ordinal);
        Assert.NotEqual(document, changed);
        return changed;
    }
}
