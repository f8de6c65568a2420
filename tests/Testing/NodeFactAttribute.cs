namespace Testing;

/// <summary>A test that is skipped, with the reason, where npm's packages are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodeModules.SkipReason;
}
