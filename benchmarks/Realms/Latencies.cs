using System.Globalization;

namespace Benchmarks.Realms;

/// <summary>Times of single calls.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    public double At(double share)
    {
        var sorted = _milliseconds.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * share) - 1, 0, sorted.Count - 1)];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At(0.5):0.0} / {At(0.99):0.0}");
}
