namespace Pltfrms.Iam.Token.Conformance;

/// <summary>What was found of one rule.</summary>
/// <param name="IsMet">Whether it is met.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record ConformanceFinding(bool IsMet, string Reason)
{
    public const int MaxClients = 100;

    /// <summary>Those that do not follow it, the first hundred in order.</summary>
    public IReadOnlyList<string> ClientIds { get; init; } = [];

    /// <summary>What enforces it, where it holds whatever the configuration says.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>The product has no way not to do so.</summary>
    public static ConformanceFinding Always(string reason, params IReadOnlyList<string> tests) => new(true, reason) { Tests = tests };

    public static ConformanceFinding Met(string reason) => new(true, reason);

    public static ConformanceFinding NotMet(string reason) => new(false, reason);
}
