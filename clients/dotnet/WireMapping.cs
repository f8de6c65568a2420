using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client;

/// <summary>Between this library's types and the contract's messages.</summary>
internal static class WireMapping
{
    public static Wire.CheckPermissionRequest ToWire(this PermissionCheck check, string realmId)
    {
        var request = new Wire.CheckPermissionRequest
        {
            RealmId = realmId,
            Permission = check.Permission,
            OrganizationId = check.OrganizationId ?? "",
            Audience = check.Audience ?? "",
            MinRevision = check.MinRevision,
            IncludeTrace = check.IncludeTrace,
            Context = check.Context?.ToWire(),
            Presentation = Presentation(check.SenderConstraintVerified),
        };
        switch (check.Subject.Kind)
        {
            case PermissionSubject.SubjectKind.AccessToken:
                request.AccessToken = check.Subject.Value;
                break;
            case PermissionSubject.SubjectKind.User:
                request.UserId = check.Subject.Value;
                break;
            default:
                request.ClientId = check.Subject.Value;
                break;
        }
        return request;
    }

    public static Wire.ListPermissionsRequest ToWire(this PermissionQuery query, string realmId)
    {
        var request = new Wire.ListPermissionsRequest
        {
            RealmId = realmId,
            OrganizationId = query.OrganizationId ?? "",
            Audience = query.Audience ?? "",
            MinRevision = query.MinRevision,
            Context = query.Context?.ToWire(),
            Presentation = Presentation(query.SenderConstraintVerified),
        };
        switch (query.Subject.Kind)
        {
            case PermissionSubject.SubjectKind.AccessToken:
                request.AccessToken = query.Subject.Value;
                break;
            case PermissionSubject.SubjectKind.User:
                request.UserId = query.Subject.Value;
                break;
            default:
                request.ClientId = query.Subject.Value;
                break;
        }
        return request;
    }

    public static PermissionDecision FromWire(this Wire.CheckPermissionResponse response) => new()
    {
        Allowed = response.Allowed,
        Reason = response.Reason.FromWire(),
        Revision = response.Revision,
        Trace = response.Trace?.FromWire(),
    };

    public static PermissionList FromWire(this Wire.ListPermissionsResponse response) => new()
    {
        Permissions = [.. response.Permissions],
        Reason = response.Reason.FromWire(),
        Revision = response.Revision,
    };

    public static Introspection FromWire(this Wire.IntrospectTokenResponse response) => response.Active
        ? new()
        {
            Active = true,
            Scopes = [.. response.Scopes],
            ClientId = Optional(response.ClientId),
            UserId = Optional(response.UserId),
            Subject = Optional(response.Subject),
            SubjectType = response.SubjectType.FromWire(),
            OrganizationId = Optional(response.OrganizationId),
            Audiences = [.. response.Audiences],
            Issuer = Optional(response.Issuer),
            TokenId = Optional(response.TokenId),
            IssuedAt = response.IssueTime?.ToDateTimeOffset(),
            ExpiresAt = response.ExpireTime?.ToDateTimeOffset(),
            Acr = Optional(response.Acr),
            AuthenticatedAt = response.AuthenticationTime?.ToDateTimeOffset(),
            GrantId = Optional(response.GrantId),
            Actors = [.. response.Actors.Select(static actor => new TokenActor(actor.Subject, actor.SubjectType.FromWire()))],
            Confirmation = response.Confirmation?.FromWire(),
            Revision = response.Revision,
        }
        : new() { Active = false, Revision = response.Revision };

    private static PrincipalType FromWire(this Wire.SubjectType type) =>
        (PrincipalType)type is var known && Enum.IsDefined(known) ? known : PrincipalType.Unknown;

    private static TokenConfirmation FromWire(this Wire.Confirmation confirmation) => new()
    {
        JwkThumbprint = Optional(confirmation.JwkThumbprint),
        CertificateThumbprint = Optional(confirmation.CertificateThumbprint),
    };

    private static Wire.SenderPresentation? Presentation(bool verified) => verified ? new() { SenderConstraintVerified = true } : null;

    /// <summary>The numbers are the contract's; one from a newer server is not known here.</summary>
    private static DecisionReason FromWire(this Wire.DecisionReason reason) =>
        (DecisionReason)reason is var known && Enum.IsDefined(known) ? known : DecisionReason.Unknown;

    private static DecisionTrace FromWire(this Wire.DecisionTrace trace) => new()
    {
        Scope = Optional(trace.Scope),
        RoleBindingId = Optional(trace.RoleBindingId),
        GroupIds = [.. trace.GroupIds],
        RoleIds = [.. trace.RoleIds],
        BindingOrganizationId = Optional(trace.BindingOrganizationId),
        OrganizationId = Optional(trace.OrganizationId),
        Steps = [.. trace.Steps],
    };

    private static Wire.DecisionContext ToWire(this PermissionContext context) => new()
    {
        SourceAddress = context.SourceAddress ?? "",
        Acr = context.Acr ?? "",
    };

    private static string? Optional(string value) => value is "" ? null : value;
}
