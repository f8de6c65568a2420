using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Audit;
using Testing;

namespace Token.Tests.Audit;

public sealed class EventBufferTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);
    private static readonly Realm Realm = new() { RealmId = "demo" };
    private static readonly FakeClock Clock = new();

    [Fact]
    public void Gives_back_in_order_what_there_is_room_for()
    {
        var buffer = new EventBuffer(2);

        Assert.True(buffer.TryAdd(Event("one")));
        Assert.True(buffer.TryAdd(Event("two")));
        Assert.False(buffer.TryAdd(Event("three")));
        Assert.Equal(2, buffer.Count);
        Assert.Equal("one", Take(buffer));
        Assert.True(buffer.TryAdd(Event("three")));
        Assert.Equal("two", Take(buffer));
        Assert.Equal("three", Take(buffer));
        Assert.False(buffer.TryTake(out _));
    }

    [Fact]
    public async Task Who_finds_no_room_waits_until_there_is_some_or_for_as_long_as_they_like()
    {
        var buffer = new EventBuffer(1);
        buffer.TryAdd(Event("one"));
        using var impatient = new CancellationTokenSource();
        var first = buffer.AddAsync(Event("two"), CancellationToken.None);
        var second = buffer.AddAsync(Event("three"), impatient.Token);
        Assert.False(first.IsCompleted || second.IsCompleted);

        Assert.Equal("one", Take(buffer));
        Assert.True(await (await Task.WhenAny(first, second)).WaitAsync(LongEnough));
        Assert.False(first.IsCompleted && second.IsCompleted);
        Assert.Contains(Take(buffer), new[] { "two", "three" });
        Assert.All(await Task.WhenAll(first, second).WaitAsync(LongEnough), Assert.True);

        var third = buffer.AddAsync(Event("four"), impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.Equal(1, buffer.Count);
    }

    [Fact]
    public async Task After_the_end_what_is_there_can_be_taken_and_nothing_is_added()
    {
        var buffer = new EventBuffer(2);
        var waiting = buffer.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        buffer.TryAdd(Event("one"));
        Assert.True(await waiting.WaitAsync(LongEnough));
        buffer.TryAdd(Event("two"));
        var late = buffer.AddAsync(Event("three"), CancellationToken.None);

        buffer.Complete();

        Assert.False(await late.WaitAsync(LongEnough));
        Assert.False(buffer.TryAdd(Event("four")));
        Assert.True(await buffer.WaitAsync());
        Assert.Equal(["one", "two"], [Take(buffer), Take(buffer)]);
        Assert.False(await buffer.WaitAsync());
    }

    [Fact]
    public async Task The_end_wakes_who_waits_for_events()
    {
        var buffer = new EventBuffer(2);
        var waiting = buffer.WaitAsync().AsTask();

        buffer.Complete();

        Assert.False(await waiting.WaitAsync(LongEnough));
    }

    /// <summary>Adders that wait for room, some that do not, one reader that sleeps whenever there is nothing, and an end in the midst of it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5_000)]
    public async Task Under_a_race_every_event_that_was_taken_comes_out_once_in_its_adders_order(int capacity)
    {
        const int Adders = 8;
        const int Each = 4_000;
        var buffer = new EventBuffer(capacity);
        var most = 0;
        var taken = new List<(int Adder, int Number)>();
        var reading = Task.Run(async () =>
        {
            while (await buffer.WaitAsync())
            {
                while (buffer.TryTake(out var queued))
                {
                    most = Math.Max(most, buffer.Count);
                    var parts = queued.Happened.EventId.Split(':');
                    taken.Add((int.Parse(parts[0]), int.Parse(parts[1])));
                }
            }
        });
        var added = await Task.WhenAll(Enumerable.Range(0, Adders).Select(adder => Task.Run(async () =>
        {
            List<(int, int)> mine = [];
            for (var number = 0; number < Each; number++)
            {
                var queued = Event($"{adder}:{number}");
                if (number % 2 == 0 ? buffer.TryAdd(queued) : await buffer.AddAsync(queued, CancellationToken.None))
                {
                    mine.Add((adder, number));
                }

                if (adder == 0 && number == Each * 3 / 4)
                {
                    buffer.Complete();
                }

                if (number % 16 == 0)
                {
                    // So that all of them are under way at once on a machine with few cores.
                    await Task.Yield();
                }
            }

            return mine;
        }))).WaitAsync(LongEnough);
        await reading.WaitAsync(LongEnough);

        Assert.InRange(most, 0, capacity);
        Assert.NotEmpty(taken);
        for (var adder = 0; adder < Adders; adder++)
        {
            Assert.Equal(added[adder], taken.Where(one => one.Adder == adder));
        }
    }

    private static QueuedEvent Event(string id) =>
        new(TokenEventRecord.Of(AuditParts.Issued(Realm, id, Clock.GetUtcNow())), written: null);

    private static string Take(EventBuffer buffer) => buffer.TryTake(out var queued) ? queued.Happened.EventId : "";
}
