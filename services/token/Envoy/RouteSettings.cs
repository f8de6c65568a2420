using Pltfrms.Iam.Token.Permissions;

namespace Pltfrms.Iam.Token.Envoy;

/// <summary>What a route of Envoy's says in its <c>context_extensions</c>: configuration, no part of the request (docs/envoy.md).</summary>
internal sealed record RouteSettings
{
    public const string RealmKey = "realm";

    private static readonly string[] Keys =
        [RealmKey, "permission", "audience", "organization", "organization_header", "path", "resource_type", "public_address", "forward_credentials"];

    public required string RealmId { get; init; }

    public required string Permission { get; init; }

    /// <summary>The resource server behind the route; null: the one that declares the permission.</summary>
    public string? Audience { get; init; }

    /// <summary>The organization of every request; null: the request's own.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The header that names the organization, in lower case; null: none does.</summary>
    public string? OrganizationHeader { get; init; }

    /// <summary>Where in the path organization and resource are; null: nowhere.</summary>
    public PathTemplate? Path { get; init; }

    /// <summary>Of the resource that the path names; null: it names none.</summary>
    public string? ResourceType { get; init; }

    /// <summary>Where clients address the service, for DPoP proofs; null: as the request says.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>Whether the service gets the access token.</summary>
    public bool ForwardsCredentials { get; init; } = true;

    /// <summary>The settings, or what is wrong with them.</summary>
    public static (RouteSettings? Settings, string? Fault) Read(IDictionary<string, string> extensions)
    {
        var path = Find("path") is { } template ? PathTemplate.Parse(template) : null;
        var fault = extensions.Keys.FirstOrDefault(key => !Keys.Contains(key, StringComparer.Ordinal)) is { } unknown ? $"{unknown} is not known"
            : Find(RealmKey) is null ? "realm is missing"
            : Find("permission") is not { } permission ? "permission is missing"
            : !PermissionName.IsWellFormed(permission) ? "permission is no permission"
            : Find("path") is not null && path is null ? "path is no template of a path"
            : Find("resource_type") is not null && path is not { HasResource: true } ? "resource_type needs a path with {resource}"
            : Find("forward_credentials") is not (null or "true" or "false") ? "forward_credentials must be true or false"
            : Find("public_address") is { } address && Dpop.HttpTargetUri.Normalize(address) is null ? "public_address is no address of http or https"
            : null;
        return fault is not null ? (null, fault) : (new RouteSettings
        {
            RealmId = Find(RealmKey)!,
            Permission = Find("permission")!,
            Audience = Find("audience"),
            OrganizationId = Find("organization"),
            OrganizationHeader = Find("organization_header")?.ToLowerInvariant(),
            Path = path,
            ResourceType = Find("resource_type"),
            PublicAddress = Find("public_address")?.TrimEnd('/'),
            ForwardsCredentials = Find("forward_credentials") != "false",
        }, null);

        string? Find(string key) => extensions.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
    }
}
