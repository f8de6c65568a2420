using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Token.Tokens;
using Testing;

namespace Token.Tests.Tokens;

public sealed class VerifiedTokenCacheTests
{
    private readonly VerifiedTokenCache _cache = new(capacity: 10, new FakeClock());

    [Fact]
    public void Finds_what_was_added_and_nothing_else()
    {
        var token = TokenBench.Claims("demo");
        _cache.Add(TokenOf(1), token);

        Assert.Same(token, _cache.Find(TokenOf(1)));
        Assert.Null(_cache.Find(TokenOf(2)));
    }

    [Fact]
    public void Never_holds_more_than_its_capacity()
    {
        for (var i = 0; i < 1000; i++)
        {
            _cache.Add(TokenOf(i), TokenBench.Claims("demo"));
        }

        Assert.InRange(Enumerable.Range(0, 1000).Reverse().Count(i => _cache.Find(TokenOf(i)) is not null), 1, 10);
    }

    [Fact]
    public void Keeps_a_token_that_is_in_use_while_others_come_and_go()
    {
        var token = TokenBench.Claims("demo");
        _cache.Add(TokenOf(-1), token);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Same(token, _cache.Find(TokenOf(-1)));
            _cache.Add(TokenOf(i), TokenBench.Claims("demo"));
        }
    }

    private static TokenHash TokenOf(int number) => TokenHash.Of($"header.payload.{number:D64}");
}
