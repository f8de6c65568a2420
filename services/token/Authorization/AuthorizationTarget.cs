namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Where the answer to an authorization request goes. Known only once client and redirect URI are sure.</summary>
/// <param name="RedirectUri">Registered for the client.</param>
/// <param name="ResponseMode">How.</param>
/// <param name="State">Null: none.</param>
/// <param name="Issuer">Who answers.</param>
public sealed record AuthorizationTarget(string RedirectUri, ResponseMode ResponseMode, string? State, string Issuer)
{
    public static AuthorizationTarget Of(AuthorizationRequest request, string issuer) =>
        new(request.RedirectUri, request.ResponseMode, request.State, issuer);
}
