using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>A role that a principal holds in a context, before conditions and expiry.</summary>
/// <param name="Binding">What gives it.</param>
/// <param name="GroupIds">The shortest way from a group that the user is a member of to the one that is bound; empty: bound directly.</param>
/// <param name="PathsByPermission">For each permission the shortest way from the bound role to the one that has it.</param>
public sealed record RoleHolding(
    RoleBinding Binding, ValueList<string> GroupIds, IReadOnlyDictionary<string, ValueList<string>> PathsByPermission);
