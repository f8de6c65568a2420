using System.Runtime.CompilerServices;
using Pltfrms.Iam.Client;
using static Testing.Waiting;

namespace Client.Tests;

/// <summary>Which tokens are kept apart, how many, and for how long.</summary>
public sealed class KeptTokensTests
{
    private static readonly TokenRequest Invoices = new("invoices.read", "invoices.create") { OrganizationId = "acme" };

    [Fact]
    public async Task Equal_requests_share_a_token_and_different_ones_do_not()
    {
        await using var fixture = await ClientFixture.StartAsync();

        var token = await fixture.TokenAsync(new TokenRequest("a", "b") { OrganizationId = "acme" });

        Assert.Equal(token, await fixture.TokenAsync(new TokenRequest("b", "a", "b") { OrganizationId = "acme" }));
        Assert.NotEqual(token, await fixture.TokenAsync(new TokenRequest("a", "b") { OrganizationId = "globex" }));
        Assert.NotEqual(token, await fixture.TokenAsync(new TokenRequest("a", "b")));
        Assert.NotEqual(token, await fixture.TokenAsync(new TokenRequest("a") { OrganizationId = "acme" }));
        Assert.NotEqual(token, await fixture.TokenAsync(new TokenRequest("a", "b") { OrganizationId = "acme", Audience = "x" }));
    }

    [Fact]
    public async Task Beyond_the_bound_the_token_unused_for_longest_is_dropped()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.MaxCachedTokens = 2);
        Task<string> OfAsync(string scope)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            return fixture.TokenAsync(new TokenRequest(scope));
        }

        Assert.Equal("token-1", await OfAsync("a"));
        Assert.Equal("token-2", await OfAsync("b"));
        Assert.Equal("token-1", await OfAsync("a"));
        Assert.Equal("token-3", await OfAsync("c"));

        Assert.Equal("token-1", await OfAsync("a"));
        Assert.Equal("token-4", await OfAsync("b"));
    }

    [Fact]
    public async Task Beyond_the_bound_no_request_that_is_under_way_or_about_to_be_is_made_twice()
    {
        const int Different = 64;
        await using var fixture = await ClientFixture.StartAsync(options => options.MaxCachedTokens = 1);
        var answer = new TaskCompletionSource();
        fixture.Server.Issue = async (_, _) =>
        {
            await answer.Task;
            return fixture.Server.NextToken();
        };
        var waiters = new Task<string>[Different * 4];

        Parallel.For(0, waiters.Length, i => waiters[i] = fixture.TokenAsync(new TokenRequest($"{i % Different}")));
        answer.SetResult();

        Assert.Equal(Different, (await Task.WhenAll(waiters)).Distinct().Count());
        Assert.Equal(Different, fixture.Server.TokenRequests.Count);
    }

    [Fact]
    public async Task A_users_token_is_forgotten_when_what_it_was_exchanged_for_has_expired()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var old = await ExchangeAsync(fixture, "old");
        fixture.Clock.Advance(TimeSpan.FromMinutes(30));
        var young = await ExchangeAsync(fixture, "young");
        fixture.Clock.Advance(TimeSpan.FromMinutes(30));

        await fixture.TokenAsync(Invoices);

        await UntilAsync(() =>
        {
            GC.Collect();
            return !old.IsAlive;
        });
        Assert.True(young.IsAlive);
        Assert.Equal("token-2", (await fixture.Tokens.ExchangeAsync("the young user's", Invoices, CancellationToken.None)).Value);
    }

    /// <remarks>Apart, so that the token is nowhere but in the library.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ExchangeAsync(ClientFixture fixture, string user)
    {
        var subjectToken = $"the {user} user's";
        await fixture.Tokens.ExchangeAsync(subjectToken, Invoices, CancellationToken.None);
        return new(subjectToken);
    }
}
