using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>
/// <c>/realms/{realm}/consent/{challenge}/answer</c>: where the browser brings a remote consent server's answer, in the query or as a form. One
/// that is not believed ends the question, and the client learns that its request failed.
/// </summary>
public sealed class RemoteAnswerEndpoint(
    GetChallenge challenges, SubmitDecision submit, RefuseChallenge refuse, RemoteAnswers answers, ILogger<RemoteAnswerEndpoint> log)
{
    public const string Path = "/consent/{challenge}/answer";

    private const string Parameter = "response";

    public async Task HandleAsync(HttpContext context)
    {
        var response = await ResponseAsync(context.Request, context.RequestAborted);
        var realmId = PageRoutes.RealmOf(context);
        var value = PageRoutes.Value(context, "challenge");
        var open = await challenges.OpenAsync(realmId, value, [], [], context.RequestAborted);
        var server = open.Realm.Realm.ConsentSettings.Remote
            ?? throw new IamException(ErrorReason.NotOffered, "The realm has no remote consent server.");

        var answer = await answers.ReadAsync(open, server, value, response, context.RequestAborted);
        if (answer.Refusal is { } why)
        {
            log.AnswerRefused(realmId, why);
            PageResponse.SeeOther(context, await refuse.RunAsync(open, value, context.RequestAborted));
            return;
        }

        var decision = new SubmittedDecision
        {
            RealmId = realmId,
            Challenge = value,
            UserId = open.View.UserId,
            Accepted = answer.Scopes.Count + answer.DetailIds.Count > 0,
            GrantedScopes = [.. answer.Scopes],
            GrantedDetailIds = [.. answer.DetailIds],
            Remember = answer.Remember,
            Method = ConsentMethods.Remote,
        };
        PageResponse.SeeOther(context, await submit.RunAsync(decision, context.RequestAborted));
    }

    private static async Task<string> ResponseAsync(HttpRequest request, CancellationToken cancellationToken) =>
        HttpMethods.IsPost(request.Method)
            ? (await RequestBody.ReadFormAsync(request, cancellationToken)).One(Parameter)
            : request.Query[Parameter] is [{ } response] ? response : "";
}
