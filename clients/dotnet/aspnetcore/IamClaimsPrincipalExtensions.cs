using System.Security.Claims;
using System.Text.Json;

namespace Pltfrms.Iam.Client.AspNetCore;

/// <summary>Reads what a caller's token says, typed.</summary>
public static class IamClaimsPrincipalExtensions
{
    /// <summary>The user's id or, where a client acts for itself, the client's; null: nobody is authenticated.</summary>
    public static string? GetSubject(this ClaimsPrincipal user) => Find(user, IamClaimTypes.Subject);

    /// <summary>Whether the subject is a user or a client.</summary>
    public static PrincipalType GetSubjectType(this ClaimsPrincipal user) => TypeOf(Find(user, IamClaimTypes.SubjectType));

    /// <summary>The client that the token was issued to.</summary>
    public static string? GetClientId(this ClaimsPrincipal user) => Find(user, IamClaimTypes.ClientId);

    /// <summary>The organization that the token is tied to; null: none.</summary>
    public static string? GetOrganizationId(this ClaimsPrincipal user) => Find(user, IamClaimTypes.OrganizationId);

    /// <summary>The authentication context class of the login; null: no login took part.</summary>
    public static string? GetAcr(this ClaimsPrincipal user) => Find(user, IamClaimTypes.Acr);

    /// <summary>The granted scopes. What the caller may do is for a check to say: a scope alone allows nothing.</summary>
    public static IReadOnlyList<string> GetScopes(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return [.. user.FindAll(IamClaimTypes.Scope).Select(static claim => claim.Value)];
    }

    /// <summary>Who acts for the subject, the current actor first (RFC 8693 section 4.1); empty: the subject itself.</summary>
    public static IReadOnlyList<TokenActor> GetActors(this ClaimsPrincipal user)
    {
        if (Find(user, IamClaimTypes.Actor) is not { } json)
        {
            return [];
        }
        List<TokenActor> actors = [];
        using var document = JsonDocument.Parse(json);
        for (JsonElement? actor = document.RootElement; actor is { } current; actor = Member(current, IamClaimTypes.Actor))
        {
            actors.Add(new(Text(current, IamClaimTypes.Subject) ?? "", TypeOf(Text(current, IamClaimTypes.SubjectType))));
        }
        return actors;
    }

    internal static string NameOf(PrincipalType type) => type switch
    {
        PrincipalType.User => "user",
        PrincipalType.Client => "client",
        _ => "",
    };

    private static string? Find(ClaimsPrincipal user, string type)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.FindFirst(type)?.Value;
    }

    private static PrincipalType TypeOf(string? name) => name switch
    {
        "user" => PrincipalType.User,
        "client" => PrincipalType.Client,
        _ => PrincipalType.Unknown,
    };

    private static JsonElement? Member(JsonElement element, string name) => element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element, string name) => Member(element, name)?.GetString();
}
