using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>One call that watches: gives its caller what a stream has, at the caller's pace while that is good enough.</summary>
internal sealed class Watcher(IServerStreamWriter<EncodedMessage> output, ServerCallContext context, WatchedCall call)
{
    private Func<ValueTask<WatchCheck>> _check = () => new(WatchCheck.Same);
    private WatchCheck _found;
    private long _checkedAt = call.Clock.GetTimestamp();

    /// <summary>What the caller has of the stream that it was given last.</summary>
    public long Position { get; private set; }

    /// <summary>Gives a stream's events until it ends, or the caller is to have another.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="position">What the caller has; null: nothing of this stream.</param>
    /// <param name="check">Throws where the caller may not watch any more.</param>
    public async Task FollowAsync(FeedStream stream, long? position, Func<ValueTask<WatchCheck>> check)
    {
        (Position, _check, _found) = (position ?? 0, check, WatchCheck.Same);
        var place = position is { } has ? stream.FindAfter(has) : null;
        place ??= await SendAllAsync(stream);
        await SendBeatAsync(stream.BeatNow(), place);
        var sent = stream.Ring.Beat.Number;
        while (place is not null && !stream.IsEnded)
        {
            var moved = stream.Ring.Moved;

            // While nobody knows whether the caller may watch, it learns nothing.
            if (await LookAsync() == WatchCheck.Same)
            {
                place = await SendEventsAsync(stream, place.Value);
                if (stream.Ring.Beat is var beat && beat.Number > sent)
                {
                    await SendBeatAsync(beat, place);
                    sent = beat.Number;
                }
            }

            if (_found == WatchCheck.Another)
            {
                return;
            }

            await moved.WaitAsync(call.Ends);
        }
    }

    public async ValueTask SendAsync(EncodedMessage message)
    {
        var sending = output.WriteAsync(message);
        if (!sending.IsCompleted)
        {
            try
            {
                await sending.WaitAsync(call.Options.WriteTimeout, call.Clock, call.Ends);
                return;
            }
            catch (TimeoutException)
            {
                await LetGoAsync(sending);
            }
        }

        await sending;
    }

    /// <summary>What there is; the place after it, or null where the caller is to have another stream.</summary>
    private async ValueTask<long?> SendEventsAsync(FeedStream stream, long place)
    {
        while (true)
        {
            switch (stream.Ring.Read(ref place, out var next))
            {
                case FeedReading.Overrun:
                    throw TooSlow();
                case FeedReading.AtEnd:
                    return place;
            }

            if (next.Message is not null)
            {
                await SendAsync(next.Message);
                Position = next.To;
            }
            else if (await SendAllAsync(stream) is { } after)
            {
                place = after;
            }
            else
            {
                return null;
            }
        }
    }

    /// <summary>Everything; the place of what comes after it, or null where the caller is to have another stream.</summary>
    private async Task<long?> SendAllAsync(FeedStream stream)
    {
        var snapshot = stream.Snapshot();
        foreach (var part in await snapshot.PartsAsync(call.Ends))
        {
            while (await LookAsync() == WatchCheck.Unknown)
            {
                await Task.Delay(call.Options.HeartbeatInterval, call.Clock, call.Ends);
            }

            if (_found == WatchCheck.Another)
            {
                return null;
            }

            await SendAsync(part);
        }

        Position = snapshot.Position;
        return snapshot.Place;
    }

    /// <summary>A beat that waited for its watcher says less than it seems to, and is left out.</summary>
    private async ValueTask SendBeatAsync(FeedBeat beat, long? place)
    {
        if (beat.Heartbeat is not null && place >= beat.Place && call.Clock.GetElapsedTime(beat.MadeAt) < call.Options.HeartbeatInterval)
        {
            await SendAsync(beat.Heartbeat);
        }
    }

    /// <summary>What was found about the caller last, which is looked at again when it is due.</summary>
    private async ValueTask<WatchCheck> LookAsync()
    {
        if (call.Clock.GetElapsedTime(_checkedAt) >= call.Options.HeartbeatInterval)
        {
            _checkedAt = call.Clock.GetTimestamp();
            _found = await _check();
        }

        return _found;
    }

    /// <summary>The caller is told why where it still takes something; a call whose messages nobody takes is cut.</summary>
    private async Task LetGoAsync(Task sending)
    {
        try
        {
            await sending.WaitAsync(call.Options.WriteTimeout, call.Clock, call.Ends);
        }
        catch (TimeoutException)
        {
            context.GetHttpContext().Abort();
        }

        throw TooSlow();
    }

    private IamException TooSlow()
    {
        call.Metrics.LetGo();
        call.Log.WatcherTooSlow(call.RealmId, call.Caller.Id);
        return new(ErrorReason.WatcherTooSlow, "The watcher did not take its events in time; it can go on where it was.");
    }
}

/// <summary>What a watcher is made with.</summary>
internal sealed record WatchedCall
{
    public required string RealmId { get; init; }

    public required Caller Caller { get; init; }

    public required FeedOptions Options { get; init; }

    public required TimeProvider Clock { get; init; }

    public required FeedMetrics Metrics { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>Cancelled when the call is over or this process stops.</summary>
    public required CancellationToken Ends { get; init; }
}

/// <summary>What was found about a watcher while it watched.</summary>
internal enum WatchCheck
{
    /// <summary>It may go on.</summary>
    Same,

    /// <summary>It is to watch another stream.</summary>
    Another,

    /// <summary>Nobody knows for now.</summary>
    Unknown,
}
