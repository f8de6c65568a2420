using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pipeline;
using Pltfrms.Iam.Consent.SelfService;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Pltfrms.Iam.Consent;

/// <summary>ConsentService of the contract: authenticates, maps, and leaves the rest to the actions.</summary>
internal sealed class ConsentGrpcService(
    ConsentCallers callers, RealmSnapshots realms, DialogActions dialog, ConsentActions consents, ExplainActions explain,
    SelfServiceActions selfService)
    : Wire.ConsentService.ConsentServiceBase
{
    public override async Task<Wire.StartConsentResponse> StartConsent(Wire.StartConsentRequest request, ServerCallContext context)
    {
        await callers.Gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsStart);

        var started = await dialog.Start.RunAsync(request.ToRecord(), context.CancellationToken);
        return new Wire.StartConsentResponse
        {
            AuthorizationId = started.AuthorizationId,
            Outcome = started.Outcome?.ToWire(),
            Challenge = started.Challenge,
            RedirectTo = started.RedirectTo,
        };
    }

    public override async Task<Wire.FinishConsentResponse> FinishConsent(Wire.FinishConsentRequest request, ServerCallContext context)
    {
        await callers.Gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsStart);

        var finished = await dialog.Finish.RunAsync(request.RealmId, request.Challenge, context.CancellationToken);
        return new Wire.FinishConsentResponse { AuthorizationId = finished.AuthorizationId, Outcome = finished.Outcome.ToWire() };
    }

    public override async Task<Wire.GetChallengeResponse> GetChallenge(Wire.GetChallengeRequest request, ServerCallContext context)
    {
        await callers.Gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsAnswer);

        return (await dialog.Get.RunAsync(request.RealmId, request.Challenge, request.UiLocales, context.CancellationToken)).ToWire();
    }

    public override async Task<Wire.SubmitDecisionResponse> SubmitDecision(Wire.SubmitDecisionRequest request, ServerCallContext context)
    {
        await callers.Gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsAnswer);

        return new Wire.SubmitDecisionResponse { RedirectTo = await dialog.Submit.RunAsync(request.ToRecord(), context.CancellationToken) };
    }

    public override async Task<Wire.ListConsentsResponse> ListConsents(Wire.ListConsentsRequest request, ServerCallContext context)
    {
        await callers.RequireAsync(context, request.RealmId, request.UserId, IamPermissions.ConsentsRead);
        // Only so that an unknown realm is told from one without consents.
        await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);

        var page = await consents.List.RunAsync(
            request.RealmId, request.UserId, request.ClientId, request.PageSize, request.PageToken, context.CancellationToken);
        return new Wire.ListConsentsResponse { Consents = { page.Consents.Select(consent => consent.ToWire()) }, NextPageToken = page.NextPageToken };
    }

    public override async Task<Wire.ChangeConsentResponse> ChangeConsent(Wire.ChangeConsentRequest request, ServerCallContext context)
    {
        var actor = await callers.RequireAsync(context, request.RealmId, request.UserId, IamPermissions.ConsentsWrite);

        var changed = await consents.Change.RunAsync(request.ToRecord(), actor, context.CancellationToken);
        return new Wire.ChangeConsentResponse { Consent = changed.ToWire() };
    }

    public override async Task<Wire.RevokeConsentsResponse> RevokeConsents(Wire.RevokeConsentsRequest request, ServerCallContext context)
    {
        var actor = await callers.RequireAsync(context, request.RealmId, request.UserId, IamPermissions.ConsentsWrite);

        var revoked = await consents.Revoke.RunAsync(request.ToRecord(), actor, context.CancellationToken);
        return new Wire.RevokeConsentsResponse { RevokedCount = revoked.Decisions, RevokedGrantCount = revoked.Grants };
    }

    public override async Task<Wire.ListApplicationsResponse> ListApplications(Wire.ListApplicationsRequest request, ServerCallContext context)
    {
        await callers.RequireAsync(context, request.RealmId, request.UserId, IamPermissions.ConsentsRead);

        var list = await consents.Applications.RunAsync(request.RealmId, request.UserId, isWithoutGrantsGood: false, context.CancellationToken);
        return new Wire.ListApplicationsResponse { Applications = { list.Applications.Select(application => application.ToWire()) } };
    }

    public override async Task<Wire.ListReceiptsResponse> ListReceipts(Wire.ListReceiptsRequest request, ServerCallContext context)
    {
        await callers.RequireAsync(context, request.RealmId, request.UserId, IamPermissions.ConsentsRead);
        await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);

        var page = await consents.Receipts.RunAsync(
            request.RealmId, request.UserId, request.PageSize, request.PageToken, context.CancellationToken);
        return new Wire.ListReceiptsResponse { Receipts = { page.Receipts.Select(receipt => receipt.ToWire()) }, NextPageToken = page.NextPageToken };
    }

    public override async Task<Wire.StartSelfServiceResponse> StartSelfService(Wire.StartSelfServiceRequest request, ServerCallContext context)
    {
        await callers.Gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsStart);

        var redirectTo = await selfService.Start.RunAsync(
            request.RealmId, request.UserId, request.UiLocales, request.ReturnUri, context.CancellationToken);
        return new Wire.StartSelfServiceResponse { RedirectTo = redirectTo };
    }

    public override async Task<Wire.FinishSelfServiceResponse> FinishSelfService(Wire.FinishSelfServiceRequest request, ServerCallContext context)
    {
        await callers.Gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsStart);

        var redirectTo = await selfService.Finish.RunAsync(request.RealmId, request.UserId, request.Visit, context.CancellationToken);
        return new Wire.FinishSelfServiceResponse { RedirectTo = redirectTo };
    }

    public override async Task<Wire.ExplainScopesResponse> ExplainScopes(Wire.ExplainScopesRequest request, ServerCallContext context)
    {
        await callers.Gate.RequireAsync(context, request.RealmId, IamPermissions.ScopesExplain);

        return (await explain.RunAsync(request.AuthorizationId, request.ToRecord(), context.CancellationToken)).ToWire();
    }
}
