using System.Net;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>What becomes of the scopes, and why.</summary>
public sealed record ScopeExplanation(
    IReadOnlyList<string> Offered, IReadOnlyList<string> Granted, IReadOnlyList<ScopeStepRecord> Steps, long Revision);

/// <summary>Runs the scope pipeline for an operator who wants to know what it does; nobody is asked, and nothing is written.</summary>
public sealed class ExplainScopes(RealmSnapshots realms, IDatabase database, ConsentStore consents, TimeProvider clock)
{
    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_ARGUMENT, REVISION_NOT_REACHED, REALM_FEED_UNAVAILABLE.</exception>
    public async Task<ScopeExplanation> RunAsync(ScopeQuestion question, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(question.RealmId, question.MinRevision, cancellationToken);
        var request = Request(realm, question);
        var offered = ScopeResult.Of(realm, request);
        if (offered.Refusal is not null)
        {
            // A refusal of the whole request is what the caller wants explained.
            return new ScopeExplanation([], [], offered.Steps, realm.Revision);
        }

        var consent = await ConsentAsync(realm, request, offered.Scopes, cancellationToken);
        var agreed = offered.Scopes.Except(consent.Denied).ToList();
        var granted = GrantedScopes.Filter(realm, request, agreed);
        return new ScopeExplanation(
            offered.Scopes,
            granted.Scopes,
            [.. offered.Steps, .. consent.Steps, .. ConsentStep.Open(consent.Undecided), .. granted.Steps],
            realm.Revision);
    }

    /// <summary>What recorded decisions would do. Nobody is asked what a client may do for itself.</summary>
    private async Task<RecordedConsent> ConsentAsync(
        RealmSnapshot realm, ScopeRequest request, IReadOnlyList<string> offered, CancellationToken cancellationToken)
    {
        if (request.Principal.Type != MemberType.User)
        {
            return new RecordedConsent([], [], [], []);
        }

        await using var session = await database.OpenAsync(cancellationToken);
        var recorded = await consents.FindAsync(
            session, realm.RealmId, request.Principal.Id, request.Client.ClientId, request.OrganizationId ?? "", cancellationToken);
        return ConsentStep.Apply(realm, request.Client, offered, recorded, promptConsent: false, request.Now);
    }

    private ScopeRequest Request(RealmSnapshot realm, ScopeQuestion question)
    {
        Check(realm, question);
        var forUser = question.UserId.Length > 0;
        return new ScopeRequest
        {
            Client = realm.FindClient(question.ClientId)!,
            Principal = forUser ? Principal.User(question.UserId) : Principal.Client(question.ClientId),
            GrantType = question.GrantType.Length > 0 ? question.GrantType : forUser ? "authorization_code" : "client_credentials",
            Scopes = question.Scopes,
            OrganizationId = question.OrganizationId.Length > 0 ? question.OrganizationId : null,
            Acr = question.Acr.Length > 0 ? question.Acr : null,
            Amr = question.Amr,
            LoginRoleIds = question.LoginRoleIds,
            SourceAddress = question.SourceAddress.Length > 0 ? IPAddress.Parse(question.SourceAddress) : null,
            Now = clock.GetUtcNow(),
            Explain = true,
        };
    }

    private static void Check(RealmSnapshot realm, ScopeQuestion question) => new FieldChecks()
        .Require("client_id", realm.FindClient(question.ClientId) is not null, "must name a client of the realm")
        .Require("user_id", question.UserId.Length == 0 || realm.FindUser(question.UserId) is not null, "must be empty or name a user of the realm")
        .Require(
            "organization_id",
            question.OrganizationId.Length == 0 || realm.IsUsableOrganization(question.OrganizationId),
            "must be empty or name an enabled organization of the realm")
        .Require(
            "source_address",
            question.SourceAddress.Length == 0 || IPAddress.TryParse(question.SourceAddress, out _),
            "must be an IPv4 or IPv6 address")
        .ThrowIfAny();
}
