namespace Pltfrms.Iam.Client.Decisions;

/// <summary>All that a decision depends on, but for the realm's revision.</summary>
internal readonly record struct DecisionKey
{
    public required ValueHash Subject { get; init; }

    public required PermissionSubject.SubjectKind Kind { get; init; }

    public required string Permission { get; init; }

    public required string? OrganizationId { get; init; }

    public required string? Audience { get; init; }

    public required PermissionContext? Context { get; init; }

    public required bool SenderConstraintVerified { get; init; }

    public static DecisionKey Of(PermissionCheck check) => new()
    {
        Subject = ValueHash.Of(check.Subject.Value),
        Kind = check.Subject.Kind,
        Permission = check.Permission,
        OrganizationId = check.OrganizationId,
        Audience = check.Audience,
        Context = check.Context,
        SenderConstraintVerified = check.SenderConstraintVerified,
    };
}
