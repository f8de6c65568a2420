using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.RefreshTokens;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 7662. The caller is a client of the realm, or presents an access token of it; either may introspect or is refused.</summary>
public sealed class IntrospectionEndpoint(
    RealmSnapshots realms,
    AuthenticateClient authentication,
    LocalAccessTokenAuthorizer tokens,
    CheckPermission check,
    IntrospectToken introspect,
    LiveRefreshTokens refreshTokens)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        var form = await FormReader.ReadAsync(context.Request, context.RequestAborted);
        await RequireCallerAsync(context, realmId, form);
        var token = form.Require(OAuthParameters.Token);
        if (form.Find(OAuthParameters.TokenTypeHint) == OAuthParameters.RefreshToken)
        {
            await WriteRefreshTokenAsync(context, await refreshTokens.FindAsync(realmId, token, context.RequestAborted));
            return;
        }

        var (active, _) = await introspect.ExecuteAsync(realmId, token, minRevision: 0, context.RequestAborted);

        OAuthJson.NoStore(context.Response);
        await OAuthJson.WriteAsync(context, active, static (writer, token) =>
        {
            writer.WriteBoolean("active", token is not null);
            if (token is not null)
            {
                AccessTokenJson.WriteMembers(writer, token);
                writer.WriteString("token_type", "Bearer");
            }
        });
    }

    /// <summary>Only to who asks for it by its name: an API that asks about what it was shown must never take a refresh token for an access token.</summary>
    private static Task WriteRefreshTokenAsync(HttpContext context, RefreshToken? active)
    {
        OAuthJson.NoStore(context.Response);
        return OAuthJson.WriteAsync(context, active, static (writer, token) =>
        {
            writer.WriteBoolean("active", token is not null);
            if (token is not null)
            {
                writer.WriteString(ClaimNames.Subject, token.Access.UserId);
                writer.WriteString(ClaimNames.SubjectType, ClaimNames.UserSubject);
                writer.WriteString(ClaimNames.ClientId, token.ClientId);
                writer.WriteString(ClaimNames.Scope, string.Join(' ', token.Access.Scopes));
                writer.WriteNumber(ClaimNames.ExpiresAt, token.ExpiresAt.ToUnixTimeSeconds());
                writer.WriteString(ClaimNames.GrantId, token.GrantId);
                writer.WriteString("token_type", OAuthParameters.RefreshToken);
            }
        });
    }

    private async ValueTask RequireCallerAsync(HttpContext context, string realmId, OAuthForm form)
    {
        var authorization = AuthorizationHeader.Of(context.Request);
        if (BearerCredential.Of(authorization) is { } credential)
        {
            await tokens.AuthorizeAsync(credential, realmId, IamPermissions.TokensIntrospect, context.RequestAborted);
            return;
        }

        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var client = authentication.Authenticate(realm, ClientAuthenticationMethods.Read(authorization, form));
        var question = new PermissionQuestion
        {
            Subject = new CheckSubject(null, Principal.Client(client.ClientId)),
            Permission = IamPermissions.TokensIntrospect,
            Context = new CheckContext { Audience = IamPermissions.Audience },
        };
        if (!(await check.DecideAsync(realm, question, context.RequestAborted)).Allowed)
        {
            throw LocalAccessTokenAuthorizer.Denied(IamPermissions.TokensIntrospect, realmId);
        }
    }
}
