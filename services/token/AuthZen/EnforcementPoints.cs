using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Permissions;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Who may ask for decisions as a policy enforcement point: a client of the realm, or whoever presents an access token of it, that has the permission.</summary>
public sealed class EnforcementPoints(RealmSnapshots realms, AuthenticateRequest authentication, LocalAccessTokenAuthorizer tokens, CheckPermission check)
{
    private static readonly OAuthForm NoForm = OAuthForm.ParseQuery(null);

    /// <exception cref="Common.Errors.IamException">UNAUTHENTICATED, INVALID_CLIENT, PERMISSION_DENIED, or an outage.</exception>
    public async ValueTask RequireAsync(HttpContext context, string realmId, string permission)
    {
        if (BearerCredential.Of(AuthorizationHeader.Of(context.Request)) is { } credential)
        {
            await tokens.AuthorizeAsync(credential, realmId, permission, context.RequestAborted);
            return;
        }

        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var client = await authentication.AuthenticateAsync(context, realm, NoForm, allowPublic: false);
        await RequireAsync(realm, client, permission, context.RequestAborted);
    }

    /// <exception cref="Common.Errors.IamException">PERMISSION_DENIED.</exception>
    public async ValueTask RequireAsync(RealmSnapshot realm, Client client, string permission, CancellationToken cancellationToken)
    {
        var question = new PermissionQuestion
        {
            Subject = new CheckSubject(null, Principal.Client(client.ClientId)),
            Permission = permission,
            Context = new CheckContext { Audience = IamPermissions.Audience },
        };
        if (!(await check.DecideAsync(realm, question, call: null, cancellationToken)).Allowed)
        {
            throw LocalAccessTokenAuthorizer.Denied(permission, realm.RealmId);
        }
    }
}
