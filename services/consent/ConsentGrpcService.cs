using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pipeline;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Pltfrms.Iam.Consent;

/// <summary>ConsentService of the contract: authenticates, maps, and leaves the rest to the actions.</summary>
internal sealed class ConsentGrpcService(
    CallerGate gate, RealmSnapshots realms, DialogActions dialog, ListConsents listConsents, ExplainScopes explainScopes)
    : Wire.ConsentService.ConsentServiceBase
{
    public override async Task<Wire.StartConsentResponse> StartConsent(Wire.StartConsentRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsStart);

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
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsStart);

        var finished = await dialog.Finish.RunAsync(request.RealmId, request.Challenge, context.CancellationToken);
        return new Wire.FinishConsentResponse { AuthorizationId = finished.AuthorizationId, Outcome = finished.Outcome.ToWire() };
    }

    public override async Task<Wire.GetChallengeResponse> GetChallenge(Wire.GetChallengeRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsAnswer);

        return (await dialog.Get.RunAsync(request.RealmId, request.Challenge, request.UiLocales, context.CancellationToken)).ToWire();
    }

    public override async Task<Wire.SubmitDecisionResponse> SubmitDecision(Wire.SubmitDecisionRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsAnswer);

        return new Wire.SubmitDecisionResponse { RedirectTo = await dialog.Submit.RunAsync(request.ToRecord(), context.CancellationToken) };
    }

    public override async Task<Wire.ListConsentsResponse> ListConsents(Wire.ListConsentsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ConsentsRead);
        // Only so that an unknown realm is told from one without consents.
        await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);

        var page = await listConsents.RunAsync(
            request.RealmId, request.UserId, request.ClientId, request.PageSize, request.PageToken, context.CancellationToken);
        return new Wire.ListConsentsResponse { Consents = { page.Consents.Select(ToWire) }, NextPageToken = page.NextPageToken };
    }

    public override async Task<Wire.ExplainScopesResponse> ExplainScopes(Wire.ExplainScopesRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.ScopesExplain);

        var explanation = await explainScopes.RunAsync(
            new ScopeQuestion
            {
                RealmId = request.RealmId,
                ClientId = request.ClientId,
                UserId = request.UserId,
                GrantType = request.GrantType,
                Scopes = request.Scopes,
                OrganizationId = request.OrganizationId,
                Acr = request.Acr,
                Amr = request.Amr,
                SourceAddress = request.SourceAddress,
                MinRevision = request.MinRevision,
            },
            context.CancellationToken);
        return new Wire.ExplainScopesResponse
        {
            OfferedScopes = { explanation.Offered },
            GrantedScopes = { explanation.Granted },
            Steps = { explanation.Steps.Select(ToWire) },
            Revision = explanation.Revision,
        };
    }

    private static Wire.ConsentRecord ToWire(ConsentRecord consent) => new()
    {
        RealmId = consent.RealmId,
        UserId = consent.UserId,
        ClientId = consent.ClientId,
        OrganizationId = consent.OrganizationId,
        Scope = consent.Scope,
        Decision = consent.Decision == ConsentDecision.Granted ? Wire.ConsentDecision.Granted : Wire.ConsentDecision.Denied,
        DecideTime = consent.DecidedAt.ToTimestamp(),
        ExpireTime = consent.ExpiresAt?.ToTimestamp(),
        TextLanguage = consent.TextLanguage,
        TextVersion = consent.TextVersion,
        Method = consent.Method,
    };

    private static Wire.ScopeStep ToWire(ScopeStepRecord step) => new()
    {
        Step = step.Step,
        Scope = step.Scope,
        Effect = step.Effect switch
        {
            ScopeStepEffect.Kept => Wire.ScopeEffect.Kept,
            ScopeStepEffect.Dropped => Wire.ScopeEffect.Dropped,
            _ => Wire.ScopeEffect.Added,
        },
        Rule = step.Rule,
        Explanation = step.Explanation,
    };
}
