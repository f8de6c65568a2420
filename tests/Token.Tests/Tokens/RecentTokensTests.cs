using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Token.Tokens;
using Testing;

namespace Token.Tests.Tokens;

public sealed class RecentTokensTests : IDisposable
{
    private readonly HeldTimers _timers = new();
    private readonly RecentTokens _recent;

    public RecentTokensTests() => _recent = new(_timers);

    public void Dispose() => _recent.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(43)]
    [InlineData(700)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(16 * 1024)]
    public void A_text_has_its_own_hash_however_often_it_is_read(int length)
    {
        var text = Token(head: 'a', length);
        for (var i = 0; i < 4; i++)
        {
            // A copy: what is presented anew is never the same object.
            Assert.Equal(new PresentedToken(text), _recent.Read(new string(text)));
        }
    }

    [Fact]
    public void A_forged_token_that_ends_as_a_good_one_is_never_taken_for_it()
    {
        var good = Token(head: 'a', 700);
        _recent.Read(good);
        _recent.Read(good);

        foreach (var forged in new[] { Token(head: 'b', 700), Token(head: 'a', 699), good[..^1] + "!", good[..350] + "!" + good[351..] })
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(TokenHash.Of(forged), _recent.Read(forged).Hash);
                Assert.Equal(TokenHash.Of(good), _recent.Read(good).Hash);
            }
        }
    }

    [Fact]
    public void Who_races_for_one_slot_gets_the_hash_of_what_it_asked_about()
    {
        var tokens = Enumerable.Range(0, 8).Select(i => Token((char)('a' + i), 300)).ToArray();
        var hashes = tokens.Select(TokenHash.Of).ToArray();

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                // Twice in a row, so that texts are held and found.
                var index = (i / 2) % tokens.Length;
                Assert.Equal(hashes[index], _recent.Read(tokens[index]).Hash);
            }
        });
    }

    [Fact]
    public void A_text_is_held_from_the_second_time_on_and_for_a_minute_at_the_most()
    {
        Assert.False(IsHeld(ReadAndForget(times: 1)));

        var held = ReadAndForget(times: 2);
        Assert.True(IsHeld(held));

        _timers.FireAll();
        Assert.False(IsHeld(held));
        Assert.Equal(TimeSpan.FromMinutes(1), _timers.Period);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ReadAndForget(int times)
    {
        var text = Token(head: 'a', 700);
        for (var i = 0; i < times; i++)
        {
            _recent.Read(text);
        }

        return new(text);
    }

    private static bool IsHeld(WeakReference text)
    {
        GC.Collect();
        return text.IsAlive;
    }

    private static string Token(char head, int length) => string.Create(length, head, static (text, head) =>
    {
        text.Fill(head);
        for (var i = Math.Max(0, text.Length - 16); i < text.Length; i++)
        {
            text[i] = (char)('A' + text.Length - i);
        }
    });
}
