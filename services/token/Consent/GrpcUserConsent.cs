using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Pltfrms.Iam.Token.Consent;

/// <summary>The consent service over gRPC.</summary>
/// <param name="consent">The channel, with the credentials.</param>
public sealed class GrpcUserConsent(CallInvoker consent) : IUserConsent
{
    /// <summary>What the consent service decides about a request. Any other failure is no decision.</summary>
    private static readonly ErrorReason[] Decisions =
    [
        ErrorReason.AccessDenied, ErrorReason.ConsentRequired, ErrorReason.InvalidScope, ErrorReason.UnknownOrganization,
        ErrorReason.ChallengeNotFound, ErrorReason.ChallengeNotAnswered, ErrorReason.InvalidRequest,
    ];

    private static readonly ErrorReason[] VisitDecisions = [ErrorReason.ResourceNotFound];

    private readonly Wire.ConsentService.ConsentServiceClient _client = new(consent);

    public async Task<ConsentStart> StartAsync(ConsentQuestion question, CancellationToken cancellationToken)
    {
        var started = await CallAsync(Decisions, () => _client.StartConsentAsync(ToWire(question), cancellationToken: cancellationToken));
        return started.Outcome is { } outcome
            ? new ConsentStart(ToRecord(outcome, started.AuthorizationId), null, null)
            : new ConsentStart(null, started.Challenge, started.RedirectTo);
    }

    public async Task<ConsentOutcome> FinishAsync(string realmId, string challenge, CancellationToken cancellationToken)
    {
        var request = new Wire.FinishConsentRequest { RealmId = realmId, Challenge = challenge };
        var finished = await CallAsync(Decisions, () => _client.FinishConsentAsync(request, cancellationToken: cancellationToken));
        return ToRecord(finished.Outcome, finished.AuthorizationId);
    }

    public async Task<string> StartVisitAsync(
        string realmId, string userId, IReadOnlyList<string> uiLocales, string returnUri, CancellationToken cancellationToken)
    {
        var request = new Wire.StartSelfServiceRequest { RealmId = realmId, UserId = userId, UiLocales = { uiLocales }, ReturnUri = returnUri };
        return (await CallAsync(VisitDecisions, () => _client.StartSelfServiceAsync(request, cancellationToken: cancellationToken))).RedirectTo;
    }

    public async Task<string> FinishVisitAsync(string realmId, string userId, string visit, CancellationToken cancellationToken)
    {
        var request = new Wire.FinishSelfServiceRequest { RealmId = realmId, UserId = userId, Visit = visit };
        return (await CallAsync(VisitDecisions, () => _client.FinishSelfServiceAsync(request, cancellationToken: cancellationToken))).RedirectTo;
    }

    private static Wire.StartConsentRequest ToWire(ConsentQuestion question) => new()
    {
        RealmId = question.RealmId,
        UserId = question.UserId,
        ClientId = question.ClientId,
        GrantType = question.GrantType,
        Scopes = { question.Scopes },
        AuthorizationDetails = AuthorizationDetailList.Write(question.AuthorizationDetails),
        OrganizationId = question.OrganizationId ?? "",
        Login = new Wire.LoginFacts
        {
            Acr = question.Acr,
            Amr = { question.Amr },
            RoleIds = { question.LoginRoleIds },
            SourceAddress = question.SourceAddress?.ToString() ?? "",
        },
        UiLocales = { question.UiLocales },
        PromptConsent = question.MustAsk,
        PromptNone = question.MayNotAsk,
        ReturnUri = question.ReturnUri,
        OfflineAccess = question.OfflineAccess,
        Lifetime = Duration.FromTimeSpan(question.Lifetime),
    };

    private static ConsentOutcome ToRecord(Wire.ConsentOutcome outcome, string authorizationId) => new()
    {
        AuthorizationId = authorizationId,
        Scopes = [.. outcome.Scopes],
        AuthorizationDetails = AuthorizationDetailList.Parse(outcome.AuthorizationDetails.Length > 0 ? outcome.AuthorizationDetails : "[]") ?? [],
        UserId = outcome.UserId,
        ClientId = outcome.ClientId,
        OrganizationId = outcome.OrganizationId.Length > 0 ? outcome.OrganizationId : null,
    };

    private static async Task<T> CallAsync<T>(ErrorReason[] decisions, Func<AsyncUnaryCall<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException failure)
        {
            var name = RichStatus.ReasonOf(failure);
            foreach (var reason in decisions)
            {
                if (RichStatus.NameOf(reason) == name)
                {
                    throw new IamException(reason, failure.Status.Detail, failure) { Metadata = RichStatus.MetadataOf(failure) };
                }
            }

            throw new IamException(ErrorReason.ServiceUnavailable, "The consent service gives no answer.", failure)
            {
                Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.Consent },
            };
        }
    }
}
