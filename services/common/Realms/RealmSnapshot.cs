using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>A realm at one revision, compiled for reading: immutable, shared by all requests, replaced by the next revision's.</summary>
public sealed class RealmSnapshot
{
    public string RealmId => throw new NotImplementedException();

    public long Revision => throw new NotImplementedException();

    public Realm Realm => throw new NotImplementedException();

    /// <summary>Compiles a whole realm.</summary>
    public static RealmSnapshot Create(long revision, IEnumerable<IRealmResource> resources) => throw new NotImplementedException();

    /// <summary>The same realm at a later revision; what did not change is shared.</summary>
    public RealmSnapshot Apply(long revision, IEnumerable<IRealmResource> upserts, IEnumerable<(ResourceKind Kind, string Id)> deletes) =>
        throw new NotImplementedException();

    public Client? FindClient(string clientId) => throw new NotImplementedException();

    public User? FindUser(string userId) => throw new NotImplementedException();

    public Organization? FindOrganization(string organizationId) => throw new NotImplementedException();

    public ResourceServer? FindResourceServer(string audience) => throw new NotImplementedException();

    /// <summary>The resource server that declares a permission; null: nobody does.</summary>
    public ResourceServer? FindDeclaringResourceServer(string permission) => throw new NotImplementedException();

    /// <summary>Whether a scope of this name can be granted: a bundled scope, or a permission's own.</summary>
    public bool HasScope(string scope) => throw new NotImplementedException();

    /// <summary>What a scope covers; empty for an unknown one.</summary>
    public IReadOnlyCollection<string> PermissionsOfScope(string scope) => throw new NotImplementedException();

    /// <summary>Whether an organization is another or below it.</summary>
    public bool IsWithin(string organizationId, string ancestorId) => throw new NotImplementedException();

    /// <summary>Whether an organization and all those above it exist and are enabled.</summary>
    public bool IsUsableOrganization(string organizationId) => throw new NotImplementedException();
}
