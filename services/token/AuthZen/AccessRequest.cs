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

    /// <exception cref="IamException">INVALID_REQUEST or INVALID_ARGUMENT.</exception>
    public static AccessRequest Read(in RequestEntities entities) => new()
    {
        Subject = AccessSubject.Read(entities.Subject ?? throw JsonMembers.Missing("subject", "")),
        Action = AccessAction.Read(entities.Action ?? throw JsonMembers.Missing("action", "")),
        Resource = AccessResource.Read(entities.Resource ?? throw JsonMembers.Missing("resource", "")),
        Context = ContextOf(entities.Context),
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
