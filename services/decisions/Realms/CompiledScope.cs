namespace Pltfrms.Iam.Common.Realms;

/// <summary>What a scope stands for.</summary>
/// <param name="Permissions">What it covers, sorted.</param>
/// <param name="Audiences">Of the resource servers that declare these permissions, sorted.</param>
internal sealed record CompiledScope(ValueList<string> Permissions, ValueList<string> Audiences)
{
    public static CompiledScope Nothing { get; } = new([], []);
}
