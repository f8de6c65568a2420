using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Permissions;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>
/// Who may ask over HTTP, as introspecting resource servers (RFC 7662 section 2.1) and policy enforcement points do: a client of the realm, or whoever
/// presents an access token of it, that has the permission.
/// </summary>
public sealed class PermittedCallers(RealmSnapshots realms, AuthenticateRequest authentication, LocalAccessTokenAuthorizer tokens, CheckPermission check)
{
    private static readonly OAuthForm NoForm = OAuthForm.ParseQuery(null);

    /// <summary>For requests that have no form, and so no client credentials in it.</summary>
    /// <exception cref="Common.Errors.IamException">INVALID_CLIENT, UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    public ValueTask<string> RequireAsync(HttpContext context, string realmId, string permission) => RequireAsync(context, realmId, permission, NoForm);

    /// <summary>The client that asks.</summary>
    /// <exception cref="Common.Errors.IamException">INVALID_CLIENT, UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    public async ValueTask<string> RequireAsync(HttpContext context, string realmId, string permission, OAuthForm form)
    {
        var authorization = AuthorizationHeader.Of(context.Request);
        if (authorization is not null && BearerCredential.IsIn(authorization))
        {
            var credential = ConnectionMemory.Of(context).Read(authorization, static header => new PresentedToken(BearerCredential.Of(header)!));
            var caller = await tokens.AuthorizeAsync(credential, proof: null, realmId, permission, context.RequestAborted);
            return caller.ClientId!;
        }

        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var client = await authentication.AuthenticateAsync(context, realm, form, allowPublic: false);
        var question = new PermissionQuestion
        {
            Subject = new CheckSubject(null, Principal.Client(client.ClientId)),
            Permission = permission,
            Context = new CheckContext { Audience = IamPermissions.Audience },
        };
        return (await check.DecideAsync(realm, question, call: null, context.RequestAborted)).Allowed
            ? client.ClientId
            : throw LocalAccessTokenAuthorizer.Denied(permission, realmId);
    }
}
