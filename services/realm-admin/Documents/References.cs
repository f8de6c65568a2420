using System.Collections.Frozen;
using Pltfrms.Iam.Common.Permissions;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>What a document declares and what it refers to, matched once all of it is read.</summary>
/// <param name="errors">Where to report.</param>
/// <param name="platform">Whether the realm is the one that administers realms: it has more built in.</param>
internal sealed class References(DocumentErrors errors, bool platform)
{
    // The same for all, and made once: every single resource of a request has references of its own.
    private static readonly FrozenDictionary<(ReferenceKind Kind, string Folded), string> BuiltInEverywhere = BuiltIns(platform: false);
    private static readonly FrozenDictionary<(ReferenceKind Kind, string Folded), string> BuiltInPlatform = BuiltIns(platform: true);

    private readonly Dictionary<ReferenceKind, Dictionary<string, Declaration>> _declared = [];
    private readonly List<(ReferenceKind Kind, string Id, string Path)> _references = [];

    private FrozenDictionary<(ReferenceKind Kind, string Folded), string> BuiltIn => platform ? BuiltInPlatform : BuiltInEverywhere;

    /// <summary>Ids that differ in case only would be taken for each other by people, so they are duplicates.</summary>
    public void Declare(ReferenceKind kind, string? id, string path)
    {
        if (id is null)
        {
            return;
        }

        var declared = Of(kind);
        if (BuiltIn.TryGetValue((kind, id.ToLowerInvariant()), out var builtIn))
        {
            errors.Add(path, $"is reserved: {builtIn} is built in");
        }
        else if (!declared.TryGetValue(id, out var other))
        {
            declared.Add(id, new Declaration(id, path));
        }
        else
        {
            errors.Add(path, $"must be unique: {other.Path} is {(other.Id == id ? "the same" : $"'{other.Id}'")}");
        }
    }

    /// <summary>A permission is a scope of its own name: both share one set of names.</summary>
    public void DeclarePermission(string? name, string path)
    {
        if (name is not null)
        {
            Declare(ReferenceKind.Scope, name, path);
            Of(ReferenceKind.Permission).TryAdd(name, new Declaration(name, path));
        }
    }

    public void Refer(ReferenceKind kind, string? id, string path)
    {
        if (id is not null)
        {
            _references.Add((kind, id, path));
        }
    }

    /// <summary>What was declared, but for what is built in.</summary>
    public IEnumerable<(ReferenceKind Kind, string Id, string Path)> Declared =>
        from kind in _declared
        from declaration in kind.Value.Values
        select (kind.Key, declaration.Id, declaration.Path);

    /// <summary>What is referred to and neither declared nor built in.</summary>
    public IEnumerable<(ReferenceKind Kind, string Id, string Path)> Open =>
        _references.Where(reference => !(Of(reference.Kind).TryGetValue(reference.Id, out var found) && found.Id == reference.Id)
            && BuiltIn.GetValueOrDefault((reference.Kind, reference.Id.ToLowerInvariant())) != reference.Id);

    /// <summary>Reports what is referred to and not declared.</summary>
    public void Resolve()
    {
        foreach (var (kind, id, path) in Open)
        {
            errors.Add(path, $"names {Noun(kind)} that the document does not have: '{id}'{Suggestion.For(id, Known(kind))}");
        }
    }

    private Dictionary<string, Declaration> Of(ReferenceKind kind)
    {
        if (!_declared.TryGetValue(kind, out var declared))
        {
            _declared.Add(kind, declared = new Dictionary<string, Declaration>(StringComparer.OrdinalIgnoreCase));
        }

        return declared;
    }

    private IEnumerable<string> Known(ReferenceKind kind) =>
        BuiltIn.Where(builtIn => builtIn.Key.Kind == kind).Select(builtIn => builtIn.Value).Concat(Of(kind).Values.Select(declared => declared.Id));

    private static FrozenDictionary<(ReferenceKind Kind, string Folded), string> BuiltIns(bool platform)
    {
        string[] roles = platform
            ? [IamPermissions.AdministratorRole, IamPermissions.ResourceServerRole, IamPermissions.PlatformAdministratorRole]
            : [IamPermissions.AdministratorRole, IamPermissions.ResourceServerRole];
        return IamPermissions.AssignableIn(platform)
            .SelectMany(permission => new[] { (Kind: ReferenceKind.Permission, Id: permission), (Kind: ReferenceKind.Scope, Id: permission) })
            .Concat(roles.Select(role => (Kind: ReferenceKind.Role, Id: role)))
            .ToFrozenDictionary(builtIn => (builtIn.Kind, builtIn.Id.ToLowerInvariant()), builtIn => builtIn.Id);
    }

    internal static string Noun(ReferenceKind kind) => kind switch
    {
        ReferenceKind.ResourceServer => "a resource server",
        ReferenceKind.Organization => "an organization",
        ReferenceKind.Acr => "an acr value",
        ReferenceKind.ExternalIdentity => "an external identity",
        ReferenceKind.RoleBinding => "a role binding",
        _ => $"a {kind.ToString().ToLowerInvariant()}",
    };

    /// <param name="Id">As it was declared.</param>
    /// <param name="Path">Where.</param>
    private sealed record Declaration(string Id, string Path);
}

/// <summary>What can be declared once and referred to.</summary>
public enum ReferenceKind
{
    Client,
    ResourceServer,
    Permission,
    Scope,
    Role,
    Group,
    Organization,
    User,
    RoleBinding,
    Delegation,
    Acr,
    ExternalIdentity,
}
