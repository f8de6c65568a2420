namespace Testing.Decisions;

/// <summary>Choices from a seed: the same seed makes the same choices.</summary>
public sealed class RandomChoices(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => _random.Next(times) == 0;

    public int Below(int end) => _random.Next(end);

    public T Pick<T>(params IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    /// <summary>Up to so many different ones, in some order.</summary>
    public T[] Some<T>(IReadOnlyList<T> from, int most) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => Pick(from)).Distinct()];

    public static string[] Ids(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];
}
