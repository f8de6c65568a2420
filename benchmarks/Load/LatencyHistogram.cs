using System.Numerics;

namespace Benchmarks.Load;

/// <summary>Latencies in microseconds, in buckets of about 3 % width; owned by one connection, so that counting costs nothing shared.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int Sub = 1 << SubBits;
    private readonly long[] _buckets = new long[Sub * 32];

    public void Add(long microseconds) => _buckets[BucketOf(microseconds)]++;

    public void Merge(LatencyHistogram other)
    {
        for (var i = 0; i < _buckets.Length; i++)
        {
            _buckets[i] += other._buckets[i];
        }
    }

    /// <summary>The upper bound of the bucket that a share of all latencies fits below, in milliseconds.</summary>
    public double MillisecondsAt(double share)
    {
        var rank = (long)Math.Ceiling(_buckets.Sum() * share);
        long seen = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= rank && seen > 0)
            {
                return UpperBound(i) / 1000.0;
            }
        }
        return 0;
    }

    private static int BucketOf(long microseconds)
    {
        var value = (uint)Math.Clamp(microseconds, 0, int.MaxValue / 2);
        if (value < Sub)
        {
            return (int)value;
        }
        var shift = BitOperations.Log2(value) - SubBits;
        return ((shift + 1) << SubBits) + (int)(value >> shift) - Sub;
    }

    private static long UpperBound(int bucket)
    {
        var group = bucket >> SubBits;
        return group == 0 ? bucket : (long)((bucket & (Sub - 1)) + Sub + 1) << (group - 1);
    }
}
