using System.Net;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>One request for access (section 6.1), well-formed.</summary>
internal sealed record AccessRequest
{
    private const string ContextPath = "context.";

    public required AccessSubject Subject { get; init; }

    public required AccessAction Action { get; init; }

    public required AccessResource Resource { get; init; }

    public CheckContext Context { get; init; }

    /// <param name="entities">The request's own.</param>
    /// <param name="defaults">What is said for it and others.</param>
    /// <exception cref="IamException">INVALID_REQUEST or INVALID_ARGUMENT.</exception>
    public static AccessRequest Read(in RequestEntities entities, AccessDefaults defaults) => new()
    {
        Subject = entities.Subject is { } subject ? AccessSubject.Read(subject) : defaults.Subject ?? throw JsonMembers.Missing("subject", ""),
        Action = entities.Action is { } action ? AccessAction.Read(action) : defaults.Action ?? throw JsonMembers.Missing("action", ""),
        Resource = entities.Resource is { } resource ? AccessResource.Read(resource) : defaults.Resource ?? throw JsonMembers.Missing("resource", ""),
        Context = entities.Context is { } context ? ContextOf(context) : defaults.Context,
    };

    /// <summary>Facts that decisions look at; whatever else there is, is the caller's own.</summary>
    /// <exception cref="IamException">INVALID_REQUEST.</exception>
    public static CheckContext ContextOf(JsonElement? json)
    {
        IPAddress? address = null;
        if (JsonMembers.Text(json, "source_address", ContextPath) is { } text && !IPAddress.TryParse(text, out address))
        {
            throw RequestBody.Refused("context.source_address must be an IPv4 or IPv6 address.");
        }

        return new CheckContext
        {
            OrganizationId = JsonMembers.Text(json, "organization_id", ContextPath),
            Audience = JsonMembers.Text(json, "audience", ContextPath),
            SourceAddress = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address,
            Acr = JsonMembers.Text(json, "acr", ContextPath),
        };
    }
}
