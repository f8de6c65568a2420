using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Token.Feeds;

namespace Token.Tests.Feeds;

public sealed class FeedRingTests
{
    private static readonly EncodedMessage Message = EncodedMessage.Of(new Int64Value { Value = 1 });

    [Fact]
    public void A_place_reads_each_event_once_and_in_order()
    {
        var ring = Ring(start: 10);
        var place = ring.FindAfter(10, isExact: true)!.Value;
        Add(ring, 10, 11, 12, 15);

        Assert.Equal([11L, 12, 15], ReadAll(ring, ref place));
        Assert.Equal(FeedReading.AtEnd, ring.Read(ref place, out _));
    }

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, 0L)]
    [InlineData(11, 1L)]
    [InlineData(12, null)]
    [InlineData(13, 2L)]
    [InlineData(14, null)]
    public void Who_has_exactly_what_an_event_follows_goes_on_there(long position, long? expected)
    {
        var ring = Ring(start: 10);
        Add(ring, 10, 11, 13);

        Assert.Equal(expected, ring.FindAfter(position, isExact: true));
    }

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, 0L)]
    [InlineData(12, 1L)]
    [InlineData(13, 2L)]
    [InlineData(20, 2L)]
    [InlineData(21, null)]
    public void Where_events_may_come_twice_who_has_a_part_of_one_goes_on_with_it(long position, long? expected)
    {
        var ring = Ring(start: 10);
        Add(ring, 10, 11, 13);
        ring.Advance(20);

        Assert.Equal(expected, ring.FindAfter(position, isExact: false));
    }

    [Fact]
    public void Who_is_overrun_is_told_and_so_is_who_returns_too_late()
    {
        var ring = Ring(start: 0);
        var place = ring.End;
        Add(ring, [.. Enumerable.Range(0, 17).Select(i => (long)i)]);
        Assert.Equal(Enumerable.Range(1, 16).Select(i => (long)i), ReadAll(ring, ref place));

        place = 0;
        Add(ring, 16, 17);
        Assert.Equal(FeedReading.Overrun, ring.Read(ref place, out _));
        Assert.Null(ring.FindAfter(0, isExact: true));
        Assert.NotNull(ring.FindAfter(1, isExact: true));
    }

    [Fact]
    public void It_keeps_no_more_bytes_than_it_may_but_always_the_latest_event()
    {
        var ring = new FeedRing(0, 1000, Message.Size * 3);
        Add(ring, [.. Enumerable.Range(0, 11).Select(i => (long)i)]);

        var place = ring.FindAfter(7, isExact: true)!.Value;
        Assert.Equal([8L, 9, 10], ReadAll(ring, ref place));
        Assert.Null(ring.FindAfter(6, isExact: true));

        var tight = new FeedRing(0, 1000, 1);
        Add(tight, 0, 1, 2);
        Assert.NotNull(tight.FindAfter(1, isExact: true));
    }

    [Fact]
    public void Where_it_begins_anew_everybody_behind_comes_to_that_place()
    {
        var ring = Ring(start: 0);
        Add(ring, 0, 1, 2);
        var (behind, current) = (0L, ring.End);
        ring.BeginAnew(1);
        Add(ring, 1, 5);

        Assert.Equal(FeedReading.Read, ring.Read(ref behind, out var first));
        Assert.Null(first.Message);
        Assert.Equal(FeedReading.Read, ring.Read(ref current, out var second));
        Assert.Null(second.Message);
        Assert.Equal([5L], ReadAll(ring, ref behind));
        Assert.Null(ring.FindAfter(2, isExact: true));
        Assert.Null(ring.FindAfter(0, isExact: true));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_events_and_beats()
    {
        var ring = Ring(start: 0);
        var (first, beat) = (ring.Moved, ring.Beat.Number);
        Add(ring, 0, 1);
        await first;
        var second = ring.Moved;
        Assert.False(second.IsCompleted);
        ring.SetBeat(Message, madeAt: 7);
        await second;

        Assert.Equal(new FeedBeat(beat + 1, ring.End, Message, 7), ring.Beat);
    }

    private static FeedRing Ring(long start) => new(start, maxEvents: 16, maxBytes: 1024 * 1024);

    /// <summary>Adds an event between each two positions.</summary>
    private static void Add(FeedRing ring, params long[] positions)
    {
        for (var i = 1; i < positions.Length; i++)
        {
            ring.Append(new(Message, positions[i - 1], positions[i]));
        }
    }

    private static List<long> ReadAll(FeedRing ring, ref long place)
    {
        var positions = new List<long>();
        while (ring.Read(ref place, out var next) == FeedReading.Read)
        {
            positions.Add(next.To);
        }

        return positions;
    }
}
