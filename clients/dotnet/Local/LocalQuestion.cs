namespace Pltfrms.Iam.Client.Local;

/// <summary>What is asked about a token or a principal. Empty texts are none, as on the wire.</summary>
internal readonly record struct LocalQuestion
{
    public required string Permission { get; init; }

    public string? OrganizationId { get; init; }

    public string? Audience { get; init; }

    public bool SenderConstraintVerified { get; init; }

    public PermissionContext? Context { get; init; }

    public static LocalQuestion Of(PermissionCheck check) => new()
    {
        Permission = check.Permission,
        OrganizationId = NullIfEmpty(check.OrganizationId),
        Audience = NullIfEmpty(check.Audience),
        SenderConstraintVerified = check.SenderConstraintVerified,
        Context = check.Context,
    };

    public static LocalQuestion Of(string permission, string? organizationId) => new()
    {
        Permission = permission,
        OrganizationId = NullIfEmpty(organizationId),
    };

    private static string? NullIfEmpty(string? text) => text is { Length: 0 } ? null : text;
}
