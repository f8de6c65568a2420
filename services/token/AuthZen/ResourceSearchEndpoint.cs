using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>
/// Authorization API 1.0, section 8.5: on which resources. The suite stores none; it knows those that the realm names and, where the subject comes with an
/// access token, those that the token's authorization details name.
/// </summary>
public sealed class ResourceSearchEndpoint(PermittedCallers callers, RealmSnapshots realms, ActiveTokens tokens, SearchAccess search)
{
    public const string Path = "/access/v1/search/resource";

    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        await callers.RequireAsync(context, realmId, IamPermissions.PermissionsCheck);
        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var entities = RequestEntities.Of(body);
        var request = new AccessRequest
        {
            Subject = AccessSubject.Read(entities.Subject ?? throw JsonMembers.Missing("subject", "")),
            Action = AccessAction.Read(entities.Action ?? throw JsonMembers.Missing("action", "")),
            Resource = AccessResource.ReadSearched(entities.Resource ?? throw JsonMembers.Missing("resource", "")),
            Context = AccessRequest.ContextOf(entities.Context),
        };
        var page = SearchPage.Read(body, SearchQuery.Of("resource", "resource", entities));
        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var candidates = await CandidatesAsync(realm, request, page.After, context.RequestAborted);
        var results = await search.ExecuteAsync(
            realm, candidates, page, id => request with { Resource = request.Resource with { Id = id } }, context.RequestAborted);
        await SearchAnswer.WriteAsync(context, results, request.Resource.Type);
    }

    private async ValueTask<IEnumerable<string>> CandidatesAsync(RealmSnapshot realm, AccessRequest request, string? after, CancellationToken cancellationToken)
    {
        var type = request.Resource.Type;
        var known = DeclaredDetails.TypeOf(realm.Realm, type)?.Resources.Select(resource => resource.Identifier) ?? [];
        var token = request.Subject.AccessToken is { } accessToken ? await tokens.FindAsync(realm, accessToken, cancellationToken) : null;
        var granted = token?.AuthorizationDetails.Where(detail => detail.Type == type).Select(detail => detail.Identifier).OfType<string>() ?? [];
        return known.Concat(granted).Distinct(StringComparer.Ordinal).Where(id => string.CompareOrdinal(id, after) > 0).Order(StringComparer.Ordinal);
    }
}
