using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Soak;

/// <summary>Times of single actions, in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    public double Median => At(0.5);

    public async Task<T> MeasureAsync<T>(Func<Task<T>> action)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await action();
        _milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return result;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At(0.5):0.00} / {At(0.99):0.0}");

    private double At(double share)
    {
        var sorted = _milliseconds.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * share) - 1, 0, sorted.Count - 1)];
    }
}
