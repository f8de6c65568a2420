using System.Collections.Concurrent;
using Pltfrms.Iam.Common;

namespace Common.Tests;

public sealed class TimeOrderedIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void An_id_is_a_UUID_of_version_7_that_says_when_it_was_made()
    {
        for (var i = 0; i < 1000; i++)
        {
            var id = TimeOrderedId.New(Now);

            Assert.Equal(Guid.CreateVersion7(Now).ToString("N")[..12], id[..12]);
            var uuid = Guid.ParseExact(id, "N");
            Assert.Equal((7, 8), (uuid.Version, uuid.Variant & 0xC));
            Assert.Equal(id, uuid.ToString("N"));
        }
    }

    [Fact]
    public void A_later_one_sorts_behind() =>
        Assert.True(string.CompareOrdinal(TimeOrderedId.New(Now), TimeOrderedId.New(Now.AddMilliseconds(1))) < 0);

    [Fact]
    public void No_two_are_alike_whoever_makes_them_at_once()
    {
        var made = new ConcurrentDictionary<string, bool>();
        Parallel.For(0, 50_000, _ => Assert.True(made.TryAdd(TimeOrderedId.New(Now), true)));
    }
}
