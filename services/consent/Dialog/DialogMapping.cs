using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Consent.Consents;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>The dialog between contract and records.</summary>
internal static class DialogMapping
{
    public static ConsentRequest ToRecord(this Wire.StartConsentRequest request) => new()
    {
        RealmId = request.RealmId,
        UserId = request.UserId,
        ClientId = request.ClientId,
        GrantType = request.GrantType,
        Scopes = request.Scopes.ToValueList(),
        AuthorizationDetails = DetailsOf(request.AuthorizationDetails),
        OrganizationId = request.OrganizationId,
        Login = new LoginFacts
        {
            Acr = request.Login?.Acr ?? "",
            Amr = (request.Login?.Amr ?? []).ToValueList(),
            RoleIds = (request.Login?.RoleIds ?? []).ToValueList(),
            SourceAddress = request.Login?.SourceAddress ?? "",
        },
        UiLocales = request.UiLocales.ToValueList(),
        PromptConsent = request.PromptConsent,
        PromptNone = request.PromptNone,
        ReturnUri = request.ReturnUri,
        OfflineAccess = request.OfflineAccess,
        Lifetime = LifetimeOf(request.Lifetime),
    };

    public static SubmittedDecision ToRecord(this Wire.SubmitDecisionRequest request) => new()
    {
        RealmId = request.RealmId,
        Challenge = request.Challenge,
        UserId = request.UserId,
        Accepted = request.Accepted,
        GrantedScopes = request.GrantedScopes.ToValueList(),
        GrantedDetailIds = request.GrantedDetailIds.ToValueList(),
        Remember = request.Remember,
        Language = request.Language,
        Method = ConsentMethods.Grpc,
    };

    public static Wire.ConsentOutcome ToWire(this ConsentOutcome outcome) => new()
    {
        Scopes = { outcome.Scopes },
        AuthorizationDetails = AuthorizationDetailList.Write(outcome.AuthorizationDetails),
        UserId = outcome.UserId,
        ClientId = outcome.ClientId,
        OrganizationId = outcome.OrganizationId,
        Revision = outcome.Revision,
    };

    public static Wire.GetChallengeResponse ToWire(this ChallengeView view) => new()
    {
        RealmDisplayName = view.RealmDisplayName,
        Client = view.Client.ToWire(),
        UserId = view.UserId,
        UserDisplayName = view.UserDisplayName,
        OrganizationId = view.OrganizationId,
        OrganizationDisplayName = view.OrganizationDisplayName,
        Scopes = { view.Scopes.Select(ToWire) },
        GrantedScopes = { view.GrantedScopes.Select(ToWire) },
        Details = { view.Details.Select(ToWire) },
        OfflineAccess = view.OfflineAccess,
        Lifetime = Duration.FromTimeSpan(view.Lifetime),
        ExpireTime = view.ExpiresAt.ToTimestamp(),
        Language = view.Language,
    };

    public static Wire.ConsentClient ToWire(this ClientView client) => new()
    {
        ClientId = client.ClientId,
        DisplayName = client.DisplayName,
        Logo = client.Logo,
        Verified = client.Verified,
        OwnerOrganizationId = client.OwnerOrganizationId,
        OwnerDisplayName = client.OwnerDisplayName,
    };

    private static Wire.ConsentScope ToWire(ScopeView scope) => new()
    {
        Scope = scope.Scope,
        Title = scope.Title,
        Description = scope.Description,
        Language = scope.Language,
        ClientTranslates = scope.ClientTranslates,
        ResourceServers = { scope.ResourceServers },
        Required = scope.Required,
        TextVersion = scope.TextVersion,
    };

    private static Wire.ConsentDetail ToWire(DetailView detail) => new()
    {
        DetailId = detail.DetailId,
        Type = detail.Type,
        Title = detail.Title,
        Description = detail.Description,
        Language = detail.Language,
        ResourceServer = detail.ResourceServer,
        AuthorizationDetail = detail.Json,
        TextVersion = detail.TextVersion,
    };

    private static ValueList<AuthorizationDetail> DetailsOf(string json) => json.Length == 0 ? [] : AuthorizationDetailList.Parse(json)
        ?? throw FieldChecks.Wrong("authorization_details", "must be a JSON array of objects with a type");

    private static TimeSpan? LifetimeOf(Duration? lifetime)
    {
        try
        {
            return lifetime?.ToTimeSpan();
        }
        catch (InvalidOperationException)
        {
            throw FieldChecks.Wrong("lifetime", "must be a valid duration");
        }
    }
}
