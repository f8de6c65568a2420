using System.Text.Json.Serialization;

namespace Benchmarks.Load.Results;

/// <summary>What one comparison showed, as it is kept.</summary>
internal sealed record Figure
{
    /// <summary>Of the comparison.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>What was built.</summary>
    public required string Commit { get; init; }

    /// <summary>Machine, database, rounds.</summary>
    public required string Conditions { get; init; }

    /// <summary>How the run was started.</summary>
    public required string Command { get; init; }

    /// <summary>A line for each server.</summary>
    public IReadOnlyList<Line> Lines { get; init; } = [];

    public IReadOnlyList<Reached> Aims { get; init; } = [];

    /// <summary>What has other columns.</summary>
    public Table? Table { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How many answers of ours and of floors were not what was hoped for.</summary>
    public long Errors { get; init; }

    [JsonIgnore]
    public string Heading => $"{Title} ({Name})";
}

/// <summary>A server's medians.</summary>
internal sealed record Line
{
    public required Role Role { get; init; }

    public required string Name { get; init; }

    public required string Generator { get; init; }

    public required double PerSecond { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    public required double ServerCpu { get; init; }

    public required double DatabaseCpu { get; init; }

    public required double GeneratorCpu { get; init; }

    /// <summary>By the server for a request; null: it is no .NET program.</summary>
    public double? AllocatedBytes { get; init; }

    public required double Others { get; init; }

    public required long Errors { get; init; }

    public required double ResidentMebibytes { get; init; }
}

/// <summary>An aim and what came of it.</summary>
internal sealed record Reached
{
    public required string Text { get; init; }

    public required double Aim { get; init; }

    /// <summary>Null: it could not be measured; <see cref="Remark"/> says why.</summary>
    public required double? Value { get; init; }

    /// <summary>Of both numbers.</summary>
    public required string Unit { get; init; }

    /// <summary>Less is better.</summary>
    public bool IsCeiling { get; init; }

    public string Remark { get; init; } = "";

    /// <summary>1: exactly the aim; more is better.</summary>
    [JsonIgnore]
    public double? OfAim => (Value, IsCeiling) switch
    {
        (null, _) => null,
        ({ } value, true) => value <= 0 ? 2 : Aim / value,
        ({ } value, false) => value / Aim,
    };

    [JsonIgnore]
    public bool? IsMet => Value is not { } value ? null : IsCeiling ? value <= Aim : value >= Aim;
}

/// <summary>Columns of text.</summary>
internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
