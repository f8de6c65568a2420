using Pltfrms.Iam.Common.Storage;
using Testing;
using static Testing.Waiting;

namespace Common.Tests.Storage;

public sealed class CommitPaceTests
{
    private readonly HeldTimers _timers = new();

    [Fact]
    public void Few_are_not_waited_for()
    {
        var pace = PaceOf(7);

        Assert.True(pace.WaitAsync(7).IsCompletedSuccessfully);
        Assert.Equal(0, _timers.Made);
    }

    [Fact]
    public async Task Half_of_those_who_were_answered_together_are_waited_for()
    {
        var pace = PaceOf(32);

        var next = pace.WaitAsync(32);
        Arrive(pace, 15);
        Assert.False(next.IsCompleted);

        Arrive(pace, 1);
        await next;
    }

    [Fact]
    public void Nobody_is_waited_for_where_enough_came_during_the_commit()
    {
        var pace = PaceOf(32);

        Assert.True(pace.WaitAsync(16).IsCompletedSuccessfully);
        Assert.Equal(0, _timers.Made);
    }

    [Fact]
    public async Task Those_who_do_not_come_are_waited_for_no_longer_than_a_moment()
    {
        var pace = PaceOf(32);

        var next = pace.WaitAsync(32);
        Assert.False(next.IsCompleted);

        await GivenUpAsync(next);
        Assert.Equal(2, _timers.Made);
    }

    [Fact]
    public async Task Those_who_did_not_come_once_are_not_waited_for_again()
    {
        var pace = PaceOf(32);
        var next = pace.WaitAsync(32);
        Arrive(pace, 3);
        await GivenUpAsync(next);

        Assert.True(pace.WaitAsync(3).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task When_fewer_come_fewer_are_waited_for()
    {
        var pace = PaceOf(32);
        await ComeAndGoAsync(pace, commits: 8);

        // Of 16, and not of 32.
        var last = pace.WaitAsync(16);
        Arrive(pace, 8);
        await last;
    }

    [Fact]
    public async Task One_timer_serves_many_waits()
    {
        var pace = PaceOf(32);
        await ComeAndGoAsync(pace, commits: 10);

        Assert.Equal(1, _timers.Made);
    }

    /// <summary>All 32 are answered, then 16 come for each commit.</summary>
    private static async Task ComeAndGoAsync(CommitPace pace, int commits)
    {
        for (var (commit, waiting) = (0, 32); commit < commits; commit++, waiting = 16)
        {
            var next = pace.WaitAsync(waiting);
            Arrive(pace, 16);
            await next;
        }
    }

    /// <summary>Lets every timer fire until nobody waits any more.</summary>
    private Task GivenUpAsync(Task waiting) => UntilAsync(() =>
    {
        _timers.FireAll();
        return waiting.IsCompletedSuccessfully;
    });

    private CommitPace PaceOf(int waiting)
    {
        var pace = new CommitPace(_timers);
        Arrive(pace, waiting);
        return pace;
    }

    private static void Arrive(CommitPace pace, int count)
    {
        for (var i = 0; i < count; i++)
        {
            pace.Arrive();
        }
    }
}
