using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 7662. The caller is a client of the realm, or presents an access token of it; either may introspect or is refused.</summary>
public sealed class IntrospectionEndpoint(
    RealmSnapshots realms, AuthenticateClient authentication, LocalAccessTokenAuthorizer tokens, CheckPermission check, IntrospectToken introspect)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        var form = await FormReader.ReadAsync(context.Request, context.RequestAborted);
        await RequireCallerAsync(context, realmId, form);
        var token = form.Require(OAuthParameters.Token);
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
