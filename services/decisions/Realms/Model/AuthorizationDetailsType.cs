namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>A type of authorization details (RFC 9396 section 2): what clients may ask for beyond scopes, and what it permits.</summary>
public sealed record AuthorizationDetailsType
{
    /// <summary>The <c>type</c>; unique in the realm.</summary>
    public required string Type { get; init; }

    /// <summary>The resource server that it is for.</summary>
    public required string Audience { get; init; }

    /// <summary>What objects of the type must look like: JSON Schema, as far as <see cref="AuthorizationDetails.DetailSchema"/> knows it.</summary>
    public required string Schema { get; init; }

    /// <summary>What each value of the member <c>actions</c> permits on the resource that <c>identifier</c> names. Ordered by action.</summary>
    public ValueList<DetailAction> Actions { get; init; } = [];

    /// <summary>Resources that the realm knows by name: what a search for resources finds. Ordered by identifier.</summary>
    public ValueList<KnownResource> Resources { get; init; } = [];

    /// <summary>What users read. Ordered by language.</summary>
    public ValueList<ScopeText> Texts { get; init; } = [];
}

/// <summary>A value of the member <c>actions</c>, and the permission that it stands for.</summary>
public sealed record DetailAction(string Action, string Permission);

/// <summary>A resource that the realm knows by name.</summary>
/// <param name="Identifier">As in the member <c>identifier</c>; unique among the type's.</param>
public sealed record KnownResource(string Identifier)
{
    /// <summary>What is known of it. Ordered by name.</summary>
    public ValueList<ResourceProperty> Properties { get; init; } = [];
}

/// <summary>One thing that is known of a resource.</summary>
public sealed record ResourceProperty(string Name, string Value);
