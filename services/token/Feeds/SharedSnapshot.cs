namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Everything that a stream has at one place, for all who need it at about the same time.</summary>
/// <param name="place">The place of what comes after it.</param>
/// <param name="position">What who has it has.</param>
/// <param name="parts">Encodes it.</param>
internal sealed class SharedSnapshot(long place, long position, Func<IEnumerable<EncodedMessage>> parts)
{
    /// <summary>More than this is not kept: each watcher has it encoded once more, part by part, as it takes them.</summary>
    private const long LargestKept = 32 * 1024 * 1024;

    private readonly Lazy<Task<List<EncodedMessage>?>> _kept = new(() => Task.Run(() => Keep(parts)));

    public long Place => place;

    public long Position => position;

    /// <summary>The parts in order.</summary>
    public async ValueTask<IEnumerable<EncodedMessage>> PartsAsync(CancellationToken cancellationToken) =>
        await _kept.Value.WaitAsync(cancellationToken) ?? parts();

    private static List<EncodedMessage>? Keep(Func<IEnumerable<EncodedMessage>> parts)
    {
        var kept = new List<EncodedMessage>();
        var size = 0L;
        foreach (var part in parts())
        {
            kept.Add(part);
            size += part.Size;
            if (size > LargestKept)
            {
                return null;
            }
        }

        return kept;
    }
}
