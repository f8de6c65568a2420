using Pltfrms.Iam.Common.Authentication;

namespace Common.Tests.Authentication;

public sealed class TokenHashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(620)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(16384)]
    public void Is_the_same_for_the_same_text_and_another_for_every_other(int length)
    {
        var text = new string('a', length);

        Assert.Equal(TokenHash.Of(text), TokenHash.Of(new string('a', length)));
        Assert.NotEqual(TokenHash.Of(text), TokenHash.Of(text + "a"));
        for (var i = 0; i < length; i += 97)
        {
            Assert.NotEqual(TokenHash.Of(text), TokenHash.Of($"{text[..i]}b{text[(i + 1)..]}"));
        }
    }

    [Fact]
    public void Takes_any_text()
    {
        var text = new string('\u20ac', 1024);

        Assert.Equal(TokenHash.Of(text), TokenHash.Of(text));
        Assert.NotEqual(TokenHash.Of(text), TokenHash.Of(text[1..]));
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "aa", false)]
    public void Is_compared_in_fixed_time_too(string one, string other, bool same) =>
        Assert.Equal(same, TokenHash.FixedTimeEquals(TokenHash.Of(one), TokenHash.Of(other)));

    [Fact]
    public void Does_not_say_what_it_is() => Assert.Equal(nameof(TokenHash), TokenHash.Of("a").ToString());
}
