using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 7009: a client revokes a token of its own.</summary>
/// <remarks>
/// Section 2.2: "The authorization server responds with HTTP status code 200 if the token has been revoked successfully or if the client
/// submitted an invalid token." Another client's token is answered alike, so that nobody learns whose a token is.
/// The hint is not needed: tokens of one type do not look like those of another.
/// </remarks>
public sealed class RevocationEndpoint(RealmSnapshots realms, AuthenticateRequest authentication, RevokeToken revoke)
{
    // Section 2.2 has clients ignore the body; some, like npm's simple-oauth2, take an answer without JSON for a failure all the same.
    private static readonly byte[] Done = [.. "{}"u8];

    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        var form = await FormReader.ReadAsync(context.Request, context.RequestAborted);
        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var client = await authentication.AuthenticateAsync(context, realm, form, allowPublic: true);
        await revoke.ExecuteAsync(
            realmId, form.Require(OAuthParameters.Token), onlyOfClientId: client.ClientId, Revoker.Client(client.ClientId, context), context.RequestAborted);

        OAuthJson.NoStore(context.Response);
        await OAuthJson.WriteAsync(context, Done);
    }
}
