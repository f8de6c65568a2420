using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Authorization API 1.0, section 7: many decisions, all at one realm revision.</summary>
public sealed class EvaluationsEndpoint(
    PermittedCallers callers, RealmSnapshots realms, EvaluationEndpoint evaluation, EvaluateAccess evaluate, PresentedTokens presented)
{
    public const string Path = "/access/v1/evaluations";

    /// <summary>As in BatchCheckPermissions.</summary>
    public const int MostEvaluations = 1000;

    private const string ExecuteAll = "execute_all";
    private const string DenyOnFirstDeny = "deny_on_first_deny";
    private const string PermitOnFirstPermit = "permit_on_first_permit";

    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        await callers.RequireAsync(context, realmId, IamPermissions.PermissionsCheck);
        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        if (JsonMembers.Array(body, "evaluations", "") is not { } evaluations || evaluations.GetArrayLength() == 0)
        {
            // Section 7.1: "behaves in a backwards-compatible manner with the (single) Access Evaluation API Request".
            await evaluation.HandleAsync(context, realmId, body);
            return;
        }

        var items = Items(evaluations);
        var defaults = AccessDefaults.Read(RequestEntities.Of(body));
        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var answers = await EvaluateAsync(realm, items, defaults, SemanticOf(body), context.RequestAborted);
        OAuthJson.NoStore(context.Response);
        await OAuthJson.WriteAsync(context, answers, Write);
    }

    private static List<JsonElement> Items(JsonElement evaluations)
    {
        if (evaluations.GetArrayLength() > MostEvaluations)
        {
            throw RequestBody.Refused($"evaluations must not be more than {MostEvaluations}.");
        }

        List<JsonElement> items = [.. evaluations.EnumerateArray()];
        var wrong = items.FindIndex(item => item.ValueKind != JsonValueKind.Object);
        return wrong < 0 ? items : throw RequestBody.Refused($"evaluations[{wrong}] must be an object.");
    }

    private static string SemanticOf(JsonElement body)
    {
        var options = JsonMembers.Object(body, "options", "");
        var semantic = JsonMembers.Text(options, "evaluations_semantic", "options.") ?? ExecuteAll;
        return semantic is ExecuteAll or DenyOnFirstDeny or PermitOnFirstPermit
            ? semantic
            : throw RequestBody.Refused($"options.evaluations_semantic must be {ExecuteAll}, {DenyOnFirstDeny} or {PermitOnFirstPermit}.");
    }

    private async Task<List<Answer>> EvaluateAsync(
        RealmSnapshot realm, List<JsonElement> items, AccessDefaults defaults, string semantic, CancellationToken cancellationToken)
    {
        var call = new PresentationsOfCall(presented);
        List<Answer> answers = new(items.Count);
        foreach (var item in items)
        {
            var answer = await EvaluateAsync(realm, item, defaults, call, cancellationToken);
            answers.Add(answer);
            if (semantic == (answer.IsAllowed ? PermitOnFirstPermit : DenyOnFirstDeny))
            {
                break;
            }
        }

        return answers;
    }

    private async ValueTask<Answer> EvaluateAsync(
        RealmSnapshot realm, JsonElement item, AccessDefaults defaults, PresentationsOfCall call, CancellationToken cancellationToken)
    {
        AccessRequest request;
        try
        {
            request = AccessRequest.Read(RequestEntities.Of(item), defaults);
        }
        catch (IamException exception) when (WireError.For(exception.Reason).HttpStatus == StatusCodes.Status400BadRequest)
        {
            return new(default, exception.Message);
        }

        return new((await evaluate.ExecuteAsync(realm, request, call, cancellationToken)).Reason, null);
    }

    /// <remarks>Section 7.2: without a decision beside the array.</remarks>
    private static void Write(Utf8JsonWriter writer, List<Answer> answers)
    {
        writer.WriteStartArray("evaluations");
        foreach (var answer in answers)
        {
            writer.WriteStartObject();
            if (answer.Error is { } error)
            {
                DecisionJson.WriteErrorMembers(writer, StatusCodes.Status400BadRequest, error);
            }
            else
            {
                DecisionJson.WriteMembers(writer, answer.Reason);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <param name="Reason">Of the decision, where there is one.</param>
    /// <param name="Error">Why there is none; null: there is.</param>
    private readonly record struct Answer(DecisionReason Reason, string? Error)
    {
        public bool IsAllowed => Reason == DecisionReason.Allowed;
    }
}
