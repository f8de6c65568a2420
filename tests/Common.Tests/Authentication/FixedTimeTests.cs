using Pltfrms.Iam.Common.Authentication;

namespace Common.Tests.Authentication;

public sealed class FixedTimeTests
{
    [Fact]
    public void Bytes_are_equal_only_where_every_bit_is()
    {
        var one = Enumerable.Range(1, FixedTime.Size).Select(i => (byte)(i * 37)).ToArray();
        Assert.True(FixedTime.Equals(one, one.ToArray()));

        for (var bit = 0; bit < FixedTime.Size * 8; bit++)
        {
            var other = one.ToArray();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(FixedTime.Equals(one, other));
        }
    }

    [Theory]
    [InlineData(FixedTime.Size, FixedTime.Size - 1)]
    [InlineData(FixedTime.Size - 1, FixedTime.Size)]
    [InlineData(FixedTime.Size + 1, FixedTime.Size + 1)]
    [InlineData(0, 0)]
    public void Other_sizes_are_no_answer(int one, int other) =>
        Assert.Throws<ArgumentException>(() => FixedTime.Equals(new byte[one], new byte[other]));
}
