using Consent.Tests.Hosting;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pipeline;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Consent.Tests.Pipeline;

/// <summary>The four calls of an authorization and the one that explains it; a refusal is told by its reason.</summary>
internal abstract class PipelineCalls
{
    public abstract Task<Begun> StartAsync(ConsentRequest request);

    /// <summary>What the user is asked about, as a user interface is told.</summary>
    public abstract Task<IReadOnlyList<Shown>> ShownAsync(string realmId, string challenge);

    public abstract Task SubmitAsync(SubmittedDecision decision);

    public abstract Task<IReadOnlyList<string>> FinishAsync(string realmId, string challenge);

    /// <summary>The scopes that were dropped, each with its step.</summary>
    public abstract Task<IReadOnlyList<(string Scope, string Step)>> DroppedAsync(string realmId, string authorizationId);

    public abstract string? ReasonOf(Exception refusal);

    /// <param name="Scope">The technical name.</param>
    /// <param name="Title">Empty: the server has none.</param>
    /// <param name="ClientTranslates">Whether the user interface shows its own text, or else the technical name.</param>
    public sealed record Shown(string Scope, string Title, bool ClientTranslates);

    /// <param name="AuthorizationId">The run.</param>
    /// <param name="Challenge">Empty: nobody is asked.</param>
    /// <param name="Granted">Null: somebody is asked.</param>
    public sealed record Begun(string AuthorizationId, string Challenge, IReadOnlyList<string>? Granted);
}

/// <summary>The actions themselves.</summary>
internal sealed class ActionCalls(ConsentReplica service) : PipelineCalls
{
    private readonly DialogActions _dialog = service.Services.GetRequiredService<DialogActions>();

    public override async Task<Begun> StartAsync(ConsentRequest request)
    {
        var started = await _dialog.Start.RunAsync(request, CancellationToken.None);
        return new(started.AuthorizationId, started.Challenge, started.Outcome?.Scopes);
    }

    public override async Task<IReadOnlyList<Shown>> ShownAsync(string realmId, string challenge) =>
    [
        .. (await _dialog.Get.RunAsync(realmId, challenge, [], CancellationToken.None)).Scopes
            .Select(scope => new Shown(scope.Scope, scope.Title, scope.ClientTranslates)),
    ];

    public override Task SubmitAsync(SubmittedDecision decision) => _dialog.Submit.RunAsync(decision, CancellationToken.None);

    public override async Task<IReadOnlyList<string>> FinishAsync(string realmId, string challenge) =>
        (await _dialog.Finish.RunAsync(realmId, challenge, CancellationToken.None)).Outcome.Scopes;

    public override async Task<IReadOnlyList<(string Scope, string Step)>> DroppedAsync(string realmId, string authorizationId)
    {
        var explained = await service.Services.GetRequiredService<ExplainAuthorization>().RunAsync(realmId, authorizationId, CancellationToken.None);
        return
        [
            .. explained.Steps
                .Where(step => step.Effect == Pltfrms.Iam.Common.Scopes.ScopeStepEffect.Dropped)
                .Select(step => (step.Scope, step.Step)),
        ];
    }

    public override string? ReasonOf(Exception refusal) => refusal is IamException known ? RichStatus.NameOf(known.Reason) : null;
}

/// <summary>The service over gRPC.</summary>
internal sealed class GrpcCalls(ConsentReplica service) : PipelineCalls
{
    public override async Task<Begun> StartAsync(ConsentRequest request)
    {
        var started = await service.StartAsync(new Wire.StartConsentRequest
        {
            RealmId = request.RealmId,
            UserId = request.UserId,
            ClientId = request.ClientId,
            GrantType = request.GrantType,
            Scopes = { request.Scopes },
            OrganizationId = request.OrganizationId,
            Login = new Wire.LoginFacts
            {
                Acr = request.Login.Acr,
                Amr = { request.Login.Amr },
                RoleIds = { request.Login.RoleIds },
                SourceAddress = request.Login.SourceAddress,
            },
            UiLocales = { request.UiLocales },
            PromptConsent = request.PromptConsent,
            PromptNone = request.PromptNone,
            ReturnUri = request.ReturnUri,
        });
        return new(started.AuthorizationId, started.Challenge, started.Outcome?.Scopes);
    }

    public override async Task<IReadOnlyList<Shown>> ShownAsync(string realmId, string challenge)
    {
        var shown = await service.Consents.GetChallengeAsync(new() { RealmId = realmId, Challenge = challenge }, ConsentReplica.Operator);
        return [.. shown.Scopes.Select(scope => new Shown(scope.Scope, scope.Title, scope.ClientTranslates))];
    }

    public override async Task SubmitAsync(SubmittedDecision decision) => await service.SubmitAsync(new Wire.SubmitDecisionRequest
    {
        RealmId = decision.RealmId,
        Challenge = decision.Challenge,
        UserId = decision.UserId,
        Accepted = decision.Accepted,
        GrantedScopes = { decision.GrantedScopes },
        Remember = decision.Remember,
    });

    public override async Task<IReadOnlyList<string>> FinishAsync(string realmId, string challenge) =>
        (await service.FinishAsync(challenge, realmId)).Outcome.Scopes;

    public override async Task<IReadOnlyList<(string Scope, string Step)>> DroppedAsync(string realmId, string authorizationId)
    {
        var explained = await service.Consents.ExplainScopesAsync(
            new() { RealmId = realmId, AuthorizationId = authorizationId }, ConsentReplica.Operator);
        return [.. explained.Steps.Where(step => step.Effect == Wire.ScopeEffect.Dropped).Select(step => (step.Scope, step.Step))];
    }

    public override string? ReasonOf(Exception refusal) => refusal is RpcException known ? RichStatus.ReasonOf(known) : null;
}
