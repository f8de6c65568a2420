using Testing;

namespace Browser.Tests;

/// <summary>A test that is skipped, with the reason, where chromium or npm's packages are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.SkipReason ?? NodeModules.SkipReason;
}
