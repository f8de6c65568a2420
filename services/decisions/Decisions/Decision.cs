namespace Pltfrms.Iam.Common.Decisions;

/// <summary>One answer.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Trace">What made it so; null: not asked for.</param>
public readonly record struct Decision(DecisionReason Reason, DecisionTrace? Trace)
{
    public bool Allowed => Reason == DecisionReason.Allowed;
}

/// <summary>Which facts led to a decision.</summary>
public sealed class DecisionTrace
{
    private readonly List<string> _steps = [];

    /// <summary>The granted scope that covers the permission.</summary>
    public string? Scope { get; set; }

    public string? RoleBindingId { get; set; }

    public IReadOnlyList<string> GroupIds { get; set; } = [];

    public IReadOnlyList<string> RoleIds { get; set; } = [];

    /// <summary>Null: bound in the realm, or not at all.</summary>
    public string? BindingOrganizationId { get; set; }

    /// <summary>Null: decided in the realm itself.</summary>
    public string? OrganizationId { get; set; }

    /// <summary>What the evaluation found, one plain sentence a step.</summary>
    public IReadOnlyList<string> Steps => _steps;

    public void Step(string sentence) => _steps.Add(sentence);
}
