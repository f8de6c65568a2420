using System.Net;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.SenderConstraints;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Permissions;

/// <summary>Messages to questions; every wrong field is named at once.</summary>
internal sealed class PermissionRequests
{
    public const int MaxChecks = 1000;

    private List<FieldViolation>? _violations;

    /// <summary>A question; what is wrong with it is remembered for <see cref="ThrowIfInvalid"/>.</summary>
    /// <param name="request">The message.</param>
    /// <param name="path">What the names of wrong fields begin with: empty, or <c>checks[2].</c></param>
    public PermissionQuestion Read(Wire.CheckPermissionRequest request, string path)
    {
        if (!PermissionName.IsWellFormed(request.Permission))
        {
            Violate(path, "permission", request.Permission.Length == 0 ? "is required" : "must be words of letters, digits, - and _ joined by dots: noun.verb");
        }

        return new PermissionQuestion
        {
            Subject = Subject(path, request.AccessToken, request.UserId, request.ClientId),
            Permission = request.Permission,
            Context = Context(path, request.OrganizationId, request.Audience, request.Context),
            Resource = Resource(path, request.Resource),
            Presentation = Presentation(path, request.Presentation),
            IncludeTrace = request.IncludeTrace,
        };
    }

    public (CheckSubject Subject, CheckContext Context, TokenPresentation? Presentation) Read(Wire.ListPermissionsRequest request) =>
    (
        Subject("", request.AccessToken, request.UserId, request.ClientId),
        Context("", request.OrganizationId, request.Audience, request.Context),
        Presentation("", request.Presentation)
    );

    public void RequireRevision(long minRevision)
    {
        if (minRevision < 0)
        {
            Violate("", "min_revision", "must not be negative");
        }
    }

    public void Violate(string path, string field, string description) => (_violations ??= []).Add(new FieldViolation(path + field, description));

    /// <exception cref="IamException">INVALID_ARGUMENT.</exception>
    public void ThrowIfInvalid()
    {
        if (_violations is not null)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has invalid fields.") { Violations = _violations };
        }
    }

    /// <summary>The members of the oneof that is not set are empty.</summary>
    private CheckSubject Subject(string path, string accessToken, string userId, string clientId)
    {
        if (accessToken.Length > 0)
        {
            return new CheckSubject(accessToken, null);
        }

        if (userId.Length == 0 && clientId.Length == 0)
        {
            Violate(path, "subject", "is required: access_token, user_id or client_id");
        }

        return new CheckSubject(null, userId.Length > 0 ? Principal.User(userId) : Principal.Client(clientId));
    }

    private TokenPresentation? Presentation(string path, Wire.SenderPresentation? presentation)
    {
        if (presentation is null)
        {
            return null;
        }

        foreach (var (field, description) in PresentationMapping.Violations(presentation))
        {
            Violate(path, field, description);
        }

        return presentation.ToRecord();
    }

    private ResourceReference? Resource(string path, Wire.ResourceReference? resource)
    {
        if (resource is null)
        {
            return null;
        }

        if (resource.Type.Length == 0)
        {
            Violate(path, "resource.type", "is required");
        }

        if (resource.Identifier.Length == 0)
        {
            Violate(path, "resource.identifier", "is required");
        }

        return new(resource.Type, resource.Identifier);
    }

    private CheckContext Context(string path, string organizationId, string audience, Wire.DecisionContext? context)
    {
        IPAddress? address = null;
        if (context is { SourceAddress.Length: > 0 } && !IPAddress.TryParse(context.SourceAddress, out address))
        {
            Violate(path, "context.source_address", "must be an IPv4 or IPv6 address");
        }

        return new CheckContext
        {
            OrganizationId = organizationId.Length > 0 ? organizationId : null,
            Audience = audience.Length > 0 ? audience : null,
            SourceAddress = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address,
            Acr = context is { Acr.Length: > 0 } ? context.Acr : null,
        };
    }
}
