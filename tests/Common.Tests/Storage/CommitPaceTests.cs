using Pltfrms.Iam.Common.Storage;
using Testing;

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
    public async Task Of_those_who_were_answered_together_five_in_eight_are_waited_for()
    {
        var pace = PaceOf(32);

        var next = pace.WaitAsync(32);
        Arrive(pace, 19);
        Assert.False(next.IsCompleted);

        Arrive(pace, 1);
        await next;
    }

    [Fact]
    public void Nobody_is_waited_for_where_enough_came_during_the_commit()
    {
        var pace = PaceOf(32);

        Assert.True(pace.WaitAsync(12).IsCompletedSuccessfully);
        Assert.Equal(0, _timers.Made);
    }

    [Fact]
    public async Task Those_who_do_not_come_are_waited_for_no_longer_than_a_moment()
    {
        var pace = PaceOf(32);

        var next = pace.WaitAsync(32);
        Assert.False(next.IsCompleted);
        _timers.FireAll();

        await next;
    }

    [Fact]
    public async Task When_fewer_come_fewer_are_waited_for()
    {
        var pace = PaceOf(32);
        for (var commit = 0; commit < 32; commit++)
        {
            var next = pace.WaitAsync(commit == 0 ? 32 : 1);
            _timers.FireAll();
            await next;
            Arrive(pace, 1);
        }

        Assert.True(pace.WaitAsync(1).IsCompletedSuccessfully);
    }

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
