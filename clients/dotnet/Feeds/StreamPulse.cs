namespace Pltfrms.Iam.Client.Feeds;

/// <summary>
/// How far behind a stream is, and what time it is at its server. One loop writes, any number of checks read without a lock.
/// </summary>
/// <remarks>
/// The clocks of the two machines are never compared: a heartbeat says what time it is there, and what counts is by how much that
/// moves on between two of them. One that arrives later than those before let expect was held up under way, and what it confirms
/// is as old as that. How long the first one of a connection was under way nobody can tell, but that it was made after the connection
/// was asked for: so much all of them may have been. All times are in ticks of 100 ns; those of this side count from the start of the library.
/// </remarks>
internal sealed class StreamPulse(TimeSpan staleAfter)
{
    /// <summary>By how much two clocks can come to differ per second, so that a drift is not taken for a delay for ever.</summary>
    private const double Drift = 0.0005;

    /// <summary>Heartbeats in a row that confirm nothing recent: the server's clock was put back, or the connection is of no use.</summary>
    private const int MaxLate = 10;

    private long _confirmedAt = long.MinValue;
    private long _lead = long.MinValue;
    private long _beatAt;
    private long _openedAt;
    private long _slack;
    private long _confirmedBefore = long.MinValue;
    private bool _isNew = true;
    private int _late;

    public TimeSpan StaleAfter => staleAfter;

    /// <summary>A connection begins; it may lead to another server, with a clock of its own.</summary>
    public void Begin(long now) => (_isNew, _late, _openedAt, _confirmedBefore) = (true, 0, now, Volatile.Read(ref _confirmedAt));

    /// <summary>Nothing that was known counts any more.</summary>
    public void Forget()
    {
        _confirmedBefore = long.MinValue;
        Volatile.Write(ref _confirmedAt, long.MinValue);
    }

    /// <param name="asOf">When nothing was missing, by the server's clock.</param>
    /// <param name="age">How long before the message was made that was.</param>
    /// <param name="now">When it arrived, on this side.</param>
    /// <exception cref="InvalidDataException">The connection only brings what is old.</exception>
    public void Beat(DateTimeOffset asOf, TimeSpan age, long now)
    {
        var lead = asOf.UtcTicks + age.Ticks - now;
        _lead = _isNew ? lead : Math.Max(lead, _lead - (long)((now - _beatAt) * Drift));
        _slack = _isNew ? now - _openedAt : _slack;
        var confirmedAt = asOf.UtcTicks - _lead - _slack;
        (_isNew, _beatAt) = (false, now);
        Volatile.Write(ref _confirmedAt, Math.Max(confirmedAt, _confirmedBefore));
        _late = now - confirmedAt > staleAfter.Ticks ? _late + 1 : 0;
        if (_late > MaxLate)
        {
            throw new InvalidDataException("The stream's heartbeats are all older than its bound.");
        }
    }

    /// <summary>Whether the first heartbeat of a connection came so late that the others can hardly confirm anything: another connection, which goes on from here, can.</summary>
    public bool BeganLate => !_isNew && _slack > staleAfter.Ticks / 2;

    public bool IsFresh(long now) => now - staleAfter.Ticks <= Volatile.Read(ref _confirmedAt);

    /// <summary>How old what is known may be; null: nothing is known.</summary>
    public TimeSpan? Age(long now) =>
        Volatile.Read(ref _confirmedAt) is var confirmedAt && confirmedAt == long.MinValue ? null : TimeSpan.FromTicks(now - confirmedAt);

    /// <summary>What time it is at the server, short by the time that a message takes; of use only while the stream is fresh.</summary>
    public long ServerTicks(long now) => now + Volatile.Read(ref _lead);
}
