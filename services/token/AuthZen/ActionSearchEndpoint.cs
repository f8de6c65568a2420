using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Authorization API 1.0, section 8.6: what a subject may do with a resource.</summary>
public sealed class ActionSearchEndpoint(PermittedCallers callers, RealmSnapshots realms, SearchAccess search)
{
    public const string Path = "/access/v1/search/action";

    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        await callers.RequireAsync(context, realmId, IamPermissions.PermissionsCheck);
        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var entities = RequestEntities.WithoutAction(body);
        var request = new AccessRequest
        {
            Subject = AccessSubject.Read(entities.Subject ?? throw JsonMembers.Missing("subject", "")),
            Action = new AccessAction("", EntityProperties.None),
            Resource = AccessResource.Read(entities.Resource ?? throw JsonMembers.Missing("resource", "")),
            Context = AccessRequest.ContextOf(entities.Context),
        };
        var page = SearchPage.Read(body, SearchQuery.Of("action", "action", entities));
        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var candidates = RequiredPermissions.ActionsOn(realm, request.Resource.Type).Where(name => string.CompareOrdinal(name, page.After) > 0);
        var results = await search.ExecuteAsync(
            realm, candidates, page, name => request with { Action = new AccessAction(name, EntityProperties.None) }, context.RequestAborted);
        await SearchAnswer.WriteAsync(context, results, type: null);
    }
}
