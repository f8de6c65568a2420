using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>Where a caller may use a permission of this suite: in these organizations and those below them.</summary>
/// <param name="Organizations">Ordered; null: in the whole realm.</param>
public sealed record Reach(ValueList<string>? Organizations)
{
    public static Reach Realm { get; } = new((ValueList<string>?)null);

    public bool IsRealm => Organizations is null;

    public bool IsNowhere => Organizations is { Count: 0 };
}
