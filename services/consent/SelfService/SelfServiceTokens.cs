using Microsoft.Extensions.Primitives;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>Who presents an access token for the user's own decisions (RFC 6750 section 2.1).</summary>
public sealed class SelfServiceTokens(ConsentCallers callers)
{
    private const string Scheme = "Bearer ";

    /// <summary>The user that the token speaks for.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED, PERMISSION_DENIED, SERVICE_UNAVAILABLE.</exception>
    public Task<string> RequireUserAsync(HttpRequest request, string realmId, CancellationToken cancellationToken) =>
        RequireUserAsync(request, realmId, IamPermissions.ConsentsSelf, cancellationToken);

    /// <summary>The user that the token speaks for with a scope for something of the user's own.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED, PERMISSION_DENIED, SERVICE_UNAVAILABLE.</exception>
    public async Task<string> RequireUserAsync(HttpRequest request, string realmId, string scope, CancellationToken cancellationToken)
    {
        var token = TokenOf(request.Headers.Authorization)
            ?? throw new IamException(ErrorReason.Unauthenticated, "The request needs the header Authorization: Bearer, once.");
        return await callers.FindOwnerAsync(realmId, token, scope, cancellationToken)
            ?? throw new IamException(ErrorReason.PermissionDenied, $"The request requires a token of a user with the scope {scope}.")
            {
                Metadata = new Dictionary<string, string> { ["permission"] = scope, ["realm_id"] = realmId },
            };
    }

    private static string? TokenOf(StringValues header) =>
        header is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && value[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;
}
