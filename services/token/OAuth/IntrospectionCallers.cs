using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Permissions;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Who may introspect over HTTP (RFC 7662 section 2.1): a client of the realm, or whoever presents an access token of it, that has the permission.</summary>
public sealed class IntrospectionCallers(RealmSnapshots realms, AuthenticateRequest authentication, LocalAccessTokenAuthorizer tokens, CheckPermission check)
{
    /// <summary>The client that asks.</summary>
    /// <exception cref="Common.Errors.IamException">INVALID_CLIENT, UNAUTHENTICATED or PERMISSION_DENIED.</exception>
    public async ValueTask<string> RequireAsync(HttpContext context, string realmId, OAuthForm form)
    {
        var authorization = AuthorizationHeader.Of(context.Request);
        if (authorization is not null && BearerCredential.IsIn(authorization))
        {
            var credential = ConnectionMemory.Of(context).Read(authorization, static header => BearerCredential.Of(header)!);
            var caller = await tokens.AuthorizeAsync(credential, realmId, IamPermissions.TokensIntrospect, context.RequestAborted);
            return caller.ClientId!;
        }

        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var client = await authentication.AuthenticateAsync(context, realm, form, allowPublic: false);
        var question = new PermissionQuestion
        {
            Subject = new CheckSubject(null, Principal.Client(client.ClientId)),
            Permission = IamPermissions.TokensIntrospect,
            Context = new CheckContext { Audience = IamPermissions.Audience },
        };
        return (await check.DecideAsync(realm, question, call: null, context.RequestAborted)).Allowed
            ? client.ClientId
            : throw LocalAccessTokenAuthorizer.Denied(IamPermissions.TokensIntrospect, realmId);
    }
}
