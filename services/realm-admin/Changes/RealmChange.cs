using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>What happens to one resource. Null before: it is made; null after: it is removed.</summary>
public sealed record RealmChange(IRealmResource? Before, IRealmResource? After)
{
    /// <summary>The resource as far as kind and id go.</summary>
    public IRealmResource Resource => After ?? Before ?? throw new InvalidOperationException("A change has a before or an after.");

    public ChangeKind Kind => (Before, After) switch
    {
        (null, _) => ChangeKind.Create,
        (_, null) => ChangeKind.Delete,
        _ => ChangeKind.Update,
    };
}

/// <summary>In columns in snake_case.</summary>
public enum ChangeKind
{
    Create,
    Update,
    Delete,
}
