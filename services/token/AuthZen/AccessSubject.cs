using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Token.SenderConstraints;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Who wants to act (section 5.1): a principal of the realm and, where the caller has it, the access token that it came with.</summary>
internal sealed record AccessSubject
{
    public const string UserType = "user";
    public const string ClientType = "client";

    private const string Path = "subject.";

    public required string Type { get; init; }

    /// <summary>Null where the suite knows nobody of the type.</summary>
    public Principal? Principal { get; init; }

    /// <summary>Sensitive: limits the answer by its scopes, audience and organization; null: the decision alone.</summary>
    public string? AccessToken { get; init; }

    /// <summary>How the access token was presented; null: nobody says.</summary>
    public TokenPresentation? Presentation { get; init; }

    /// <exception cref="IamException">INVALID_REQUEST or INVALID_ARGUMENT.</exception>
    public static AccessSubject Read(JsonElement json)
    {
        var type = TypeOf(json);
        var id = JsonMembers.RequiredText(json, "id", Path);
        var properties = JsonMembers.Object(json, "properties", Path);
        return new AccessSubject
        {
            Type = type,
            Principal = PrincipalOf(type, id),
            AccessToken = JsonMembers.Text(properties, "access_token", Path + "properties."),
            Presentation = properties is { } there ? PresentationOf(there) : null,
        };
    }

    /// <summary>What is searched for: whatever it is called (section 8.4.1).</summary>
    /// <exception cref="IamException">INVALID_REQUEST.</exception>
    public static string TypeOf(JsonElement json) => JsonMembers.RequiredText(json, "type", Path);

    public static AccessSubject Of(string type, string id) => new() { Type = type, Principal = PrincipalOf(type, id) };

    /// <summary>Without the token, for a log that prints the record after all.</summary>
    public override string ToString() => $"AccessSubject {Type}";

    private static Principal? PrincipalOf(string type, string id) => type switch
    {
        UserType => Common.Permissions.Principal.User(id),
        ClientType => Common.Permissions.Principal.Client(id),
        _ => null,
    };

    /// <summary>The fields of SenderPresentation, by their names.</summary>
    private static TokenPresentation? PresentationOf(JsonElement properties)
    {
        const string path = Path + "properties.";
        var presentation = new Wire.SenderPresentation
        {
            DpopProof = JsonMembers.Text(properties, "dpop_proof", path) ?? "",
            HttpMethod = JsonMembers.Text(properties, "http_method", path) ?? "",
            HttpUri = JsonMembers.Text(properties, "http_uri", path) ?? "",
            ClientCertificateThumbprint = JsonMembers.Text(properties, "client_certificate_thumbprint", path) ?? "",
            SenderConstraintVerified = JsonMembers.Flag(properties, "sender_constraint_verified", path),
        };
        if (presentation.CalculateSize() == 0)
        {
            return null;
        }

        PresentationMapping.RequireValid(presentation);
        return presentation.ToRecord();
    }
}
