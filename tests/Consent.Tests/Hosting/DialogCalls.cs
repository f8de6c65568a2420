using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.V1;

namespace Consent.Tests.Hosting;

/// <summary>The calls of one dialog over gRPC, as token service and user interface make them.</summary>
internal static class DialogCalls
{
    public static StartConsentRequest Request(string userId, string clientId, params string[] scopes) => new()
    {
        RealmId = "demo",
        UserId = userId,
        ClientId = clientId,
        GrantType = "authorization_code",
        Scopes = { scopes },
        ReturnUri = "http://127.0.0.1:8080/realms/demo/oauth2/authorize/continue?x=1",
    };

    public static async Task<StartConsentResponse> StartAsync(this ConsentReplica service, StartConsentRequest request) =>
        await service.Consents.StartConsentAsync(request, ConsentReplica.Operator);

    public static async Task<FinishConsentResponse> FinishAsync(this ConsentReplica service, string challenge, string realmId = "demo") =>
        await service.Consents.FinishConsentAsync(new() { RealmId = realmId, Challenge = challenge }, ConsentReplica.Operator);

    public static async Task<GetChallengeResponse> GetAsync(this ConsentReplica service, string challenge, params string[] uiLocales) =>
        await service.Consents.GetChallengeAsync(new() { RealmId = "demo", Challenge = challenge, UiLocales = { uiLocales } }, ConsentReplica.Operator);

    public static async Task<SubmitDecisionResponse> SubmitAsync(this ConsentReplica service, SubmitDecisionRequest decision) =>
        await service.Consents.SubmitDecisionAsync(decision, ConsentReplica.Operator);

    public static SubmitDecisionRequest Accept(string challenge, string userId, params string[] scopes) => new()
    {
        RealmId = "demo",
        Challenge = challenge,
        UserId = userId,
        Accepted = true,
        GrantedScopes = { scopes },
        Remember = true,
    };

    public static SubmitDecisionRequest Deny(string challenge, string userId) =>
        new() { RealmId = "demo", Challenge = challenge, UserId = userId, Remember = true };

    /// <summary>Asks, answers, and fetches the outcome.</summary>
    public static async Task<FinishConsentResponse> GrantAsync(this ConsentReplica service, StartConsentRequest request, params string[] granted)
    {
        var challenge = (await service.StartAsync(request)).Challenge;
        await service.SubmitAsync(Accept(challenge, request.UserId, granted));
        return await service.FinishAsync(challenge);
    }

    /// <summary>Where the token service would take a visitor back.</summary>
    public const string VisitReturnUri = "http://127.0.0.1:8080/realms/demo/oauth2/authorize/resume?request=1";

    /// <summary>A link to the page "applications with access".</summary>
    public static async Task<string> VisitLinkAsync(this ConsentReplica service, string userId, string returnUri = VisitReturnUri) =>
        (await service.Consents.StartSelfServiceAsync(
            new() { RealmId = "demo", UserId = userId, ReturnUri = returnUri }, ConsentReplica.Operator)).RedirectTo;

    /// <summary>What the token service does when the browser is back: the page's address.</summary>
    public static async Task<string> OpenVisitAsync(this ConsentReplica service, string userId, string visit) =>
        (await service.Consents.FinishSelfServiceAsync(new() { RealmId = "demo", UserId = userId, Visit = visit }, ConsentReplica.Operator)).RedirectTo;

    public static async Task RefusesAsync(string reason, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(reason, RichStatus.ReasonOf(refusal));
    }
}
