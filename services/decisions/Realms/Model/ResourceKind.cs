namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>The kinds of resources in a realm; on the wire and in columns in snake_case, as in <c>RealmResource.resource</c>.</summary>
public enum ResourceKind
{
    Realm,
    Client,
    ResourceServer,
    Scope,
    Role,
    Group,
    Organization,
    User,
    RoleBinding,
    Delegation,
}
