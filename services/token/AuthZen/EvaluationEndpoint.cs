using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Authorization API 1.0, section 6: one decision.</summary>
public sealed class EvaluationEndpoint(PermittedCallers callers, RealmSnapshots realms, EvaluateAccess evaluate, PresentedTokens presented)
{
    public const string Path = "/access/v1/evaluation";

    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        await callers.RequireAsync(context, realmId, IamPermissions.PermissionsCheck);
        await HandleAsync(context, realmId, await RequestBody.ReadAsync(context.Request, context.RequestAborted));
    }

    /// <summary>Answers a request whose sender may ask.</summary>
    public async Task HandleAsync(HttpContext context, string realmId, JsonElement body)
    {
        var request = AccessRequest.Read(RequestEntities.Of(body), AccessDefaults.None);
        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var decision = await evaluate.ExecuteAsync(realm, request, new PresentationsOfCall(presented), context.RequestAborted);
        OAuthJson.NoStore(context.Response);
        await OAuthJson.WriteAsync(context, decision.Reason, DecisionJson.WriteMembers);
    }
}
