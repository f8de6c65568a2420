namespace Pltfrms.Iam.Common.Realms;

/// <summary>When a stream of confirmations last said that all realms are where it had said that they are.</summary>
internal sealed class RealmBeat
{
    public const long Never = long.MinValue;

    private long _at = Never;

    /// <summary>The timestamp of its arrival.</summary>
    public long At
    {
        get => Volatile.Read(ref _at);
        set => Volatile.Write(ref _at, value);
    }
}
