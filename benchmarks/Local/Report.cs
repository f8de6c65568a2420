using System.Text.Json;

namespace Benchmarks.Local;

/// <summary>Numbers by name, which the load generator reads from standard output as JSON.</summary>
internal sealed class Report
{
    private readonly Dictionary<string, List<double>> _numbers = [];

    public void Add(string name, double value)
    {
        if (!_numbers.TryGetValue(name, out var values))
        {
            _numbers[name] = values = [];
        }

        values.Add(value);
    }

    public override string ToString() => JsonSerializer.Serialize(_numbers);
}
