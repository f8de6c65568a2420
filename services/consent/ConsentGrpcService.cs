using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pipeline;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Pltfrms.Iam.Consent;

/// <summary>ConsentService of the contract: authenticates, maps, and leaves the rest to the actions.</summary>
internal sealed class ConsentGrpcService(CallerGate gate, RealmSnapshots realms, ListConsents listConsents, ExplainScopes explainScopes)
    : Wire.ConsentService.ConsentServiceBase
{
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
