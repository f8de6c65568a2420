using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>
/// Authorization API 1.0, section 8.4: who may. It names users and clients, so it takes more than checking does: what
/// AccessService.ListPrincipalsWithPermission takes.
/// </summary>
public sealed class SubjectSearchEndpoint(PermittedCallers callers, RealmSnapshots realms, SearchAccess search)
{
    public const string Path = "/access/v1/search/subject";

    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        await callers.RequireAsync(context, realmId, IamPermissions.RoleBindingsRead);
        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var entities = RequestEntities.Of(body);
        var type = AccessSubject.TypeOf(entities.Subject ?? throw JsonMembers.Missing("subject", ""));
        var request = new AccessRequest
        {
            Subject = AccessSubject.Of(type, ""),
            Action = AccessAction.Read(entities.Action ?? throw JsonMembers.Missing("action", "")),
            Resource = AccessResource.Read(entities.Resource ?? throw JsonMembers.Missing("resource", "")),
            Context = AccessRequest.ContextOf(entities.Context),
        };
        var page = SearchPage.Read(body, SearchQuery.Of("subject", "subject", entities));
        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var results = await search.ExecuteAsync(
            realm, Candidates(realm, type, page.After), page, id => request with { Subject = AccessSubject.Of(type, id) }, context.RequestAborted);
        await SearchAnswer.WriteAsync(context, results, type);
    }

    /// <summary>The next ones by id, one more than are looked at.</summary>
    private static IEnumerable<string> Candidates(RealmSnapshot realm, string type, string? after)
    {
        var ids = type switch
        {
            AccessSubject.UserType => realm.Users.Select(user => user.UserId),
            AccessSubject.ClientType => realm.Clients.Select(client => client.ClientId),
            _ => [],
        };
        return ids.Where(id => string.CompareOrdinal(id, after) > 0).Order(StringComparer.Ordinal).Take(SearchAccess.MostCandidates + 1);
    }
}
