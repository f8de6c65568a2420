using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Client.AspNetCore.Authorization;

namespace Pltfrms.Iam.Client.AspNetCore.Authentication;

/// <summary>Who was authenticated by a token: a feature of the request.</summary>
internal sealed class IamCaller(string token, Introspection introspection)
{
    /// <summary>Sensitive.</summary>
    public string Token { get; } = token;

    public Introspection Introspection { get; } = introspection;

    /// <summary>Null where nobody presented a token, or the user is somebody else: a token decides about nobody but its own subject.</summary>
    public static IamCaller? Of(HttpContext? http, ClaimsPrincipal user) =>
        http?.Features.Get<IamCaller>() is { } caller && user.Identities.Any(caller.Is) ? caller : null;

    /// <remarks>Not the same object: what transforms claims makes copies.</remarks>
    private bool Is(ClaimsIdentity identity) =>
        identity.AuthenticationType == IamAuthenticationOptions.DefaultScheme
        && identity.FindFirst(IamClaimTypes.Subject)?.Value == Introspection.Subject
        && identity.FindFirst(IamClaimTypes.ClientId)?.Value == Introspection.ClientId
        && identity.FindFirst(IamClaimTypes.TokenId)?.Value == Introspection.TokenId;

    /// <summary>Requirements that are decided when the gRPC message is there.</summary>
    public List<PermissionRequirement> Deferred { get; } = [];
}
