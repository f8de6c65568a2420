namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>How a realm turns requested scopes into granted ones; design section 4. The steps run in the order of the properties.</summary>
public sealed record ScopePipeline
{
    /// <summary>Step 1. A grant type without an entry follows <see cref="ScopePolicyMode.EmptyOverwritten"/> with the registered scopes.</summary>
    public ValueList<ScopePolicy> ScopePolicies { get; init; } = [];

    /// <summary>Step 2.</summary>
    public UnregisteredScopes UnregisteredScopes { get; init; } = UnregisteredScopes.None;

    /// <summary>Step 3: the first condition that is met allows. None at all: every registered scope is allowed.</summary>
    public ValueList<ScopeCondition> Conditions { get; init; } = [];

    /// <summary>Step 3, after the conditions.</summary>
    public ValueList<ScopeTransformation> Transformations { get; init; } = [];

    /// <summary>Step 6.</summary>
    public ValueList<GrantedScopesProcessor> GrantedScopesProcessors { get; init; } = [];
}

/// <summary>How a request is treated for one grant type.</summary>
public sealed record ScopePolicy
{
    /// <summary>Empty: every grant type that has no entry of its own.</summary>
    public string GrantType { get; init; } = "";

    public required ScopePolicyMode Mode { get; init; }

    /// <summary>What overwrites the request; empty: all that the client is registered for.</summary>
    public ValueList<string> DefaultScopes { get; init; } = [];
}

public enum ScopePolicyMode
{
    /// <summary>At least one scope must be asked for.</summary>
    Mandatory,

    /// <summary>An empty request is granted as it is.</summary>
    EmptyAllowed,

    /// <summary>An empty request is read as a request for the default scopes.</summary>
    EmptyOverwritten,

    /// <summary>Every request is read as a request for the default scopes.</summary>
    AlwaysOverwrite,
}

/// <summary>What a client without registered scopes may ask for. A dynamically registered client never gets <see cref="Any"/>.</summary>
public enum UnregisteredScopes
{
    None,
    Any,
}

/// <summary>A condition under which scopes are allowed: exactly one of <see cref="Role"/> and <see cref="Flow"/> is set.</summary>
public sealed record ScopeCondition
{
    public required string Name { get; init; }

    /// <summary>Names or patterns in which <c>*</c> stands for any characters; empty: all.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    public RoleCondition? Role { get; init; }

    public FlowCondition? Flow { get; init; }
}

/// <summary>Met where the principal's roles allow what the scope covers.</summary>
public sealed record RoleCondition
{
    public ValueList<RoleSource> Sources { get; init; } = [];

    /// <summary>Only these roles count; empty: all.</summary>
    public ValueList<string> RoleIds { get; init; } = [];
}

public enum RoleSource
{
    /// <summary>The realm's role bindings, in the organization asked for.</summary>
    Bindings,

    /// <summary>The role claims of the login.</summary>
    LoginClaims,
}

/// <summary>Met where every list that is not empty contains the request's value.</summary>
public sealed record FlowCondition
{
    public ValueList<string> GrantTypes { get; init; } = [];

    public ValueList<ClientType> ClientTypes { get; init; } = [];

    public ValueList<string> AcrValues { get; init; } = [];

    public ValueList<string> AmrValues { get; init; } = [];

    /// <summary>CIDR.</summary>
    public ValueList<string> SourceNetworks { get; init; } = [];

    public ValueList<string> OrganizationIds { get; init; } = [];
}

/// <summary>One replacement renames, several expand, none drops.</summary>
public sealed record ScopeTransformation
{
    public required string Name { get; init; }

    public required string Scope { get; init; }

    public ValueList<string> Replacements { get; init; } = [];
}

/// <summary>A last filter; exactly one of the three is set.</summary>
public sealed record GrantedScopesProcessor
{
    public required string Name { get; init; }

    /// <summary>Keeps only these: names or patterns in which <c>*</c> stands for any characters.</summary>
    public ValueList<string>? Whitelist { get; init; }

    /// <summary>Keeps only what the principal's roles allow.</summary>
    public RoleCondition? CapByRole { get; init; }

    public DropByOrganization? DropByOrganization { get; init; }
}

/// <summary>Drops scopes in some organizations and those below them.</summary>
public sealed record DropByOrganization
{
    public ValueList<string> OrganizationIds { get; init; } = [];

    /// <summary>Names or patterns in which <c>*</c> stands for any characters.</summary>
    public ValueList<string> Scopes { get; init; } = [];
}
