using System.Net;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>A request for scopes that was not made.</summary>
public sealed record ScopeQuestion
{
    public required string RealmId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: the client acts for itself.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Empty: authorization_code with a user, else client_credentials.</summary>
    public string GrantType { get; init; } = "";

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Empty: none.</summary>
    public string OrganizationId { get; init; } = "";

    /// <summary>Empty: none.</summary>
    public string Acr { get; init; } = "";

    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>Empty: unknown.</summary>
    public string SourceAddress { get; init; } = "";

    public long MinRevision { get; init; }
}

/// <summary>What becomes of the scopes, and why.</summary>
public sealed record ScopeExplanation(
    IReadOnlyList<string> Offered, IReadOnlyList<string> Granted, IReadOnlyList<ScopeStepRecord> Steps, long Revision);

/// <summary>Runs the pure steps of the scope pipeline for an operator who wants to know what they do.</summary>
public sealed class ExplainScopes(RealmSnapshots realms, TimeProvider clock)
{
    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_ARGUMENT, REVISION_NOT_REACHED, REALM_FEED_UNAVAILABLE.</exception>
    public async Task<ScopeExplanation> RunAsync(ScopeQuestion question, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(question.RealmId, question.MinRevision, cancellationToken);
        var request = Request(realm, question);
        ScopeOutcome offered;
        try
        {
            offered = RequestedScopes.Filter(realm, request);
        }
        catch (IamException refusal) when (refusal.Reason == ErrorReason.InvalidScope)
        {
            // A refusal of the whole request is what the caller wants explained.
            var step = new ScopeStepRecord("scope_policy", "", ScopeStepEffect.Dropped, "mandatory", refusal.Message);
            return new ScopeExplanation([], [], [step], realm.Revision);
        }

        var granted = GrantedScopes.Filter(realm, request, offered.Scopes);
        return new ScopeExplanation(offered.Scopes, granted.Scopes, [.. offered.Steps, .. granted.Steps], realm.Revision);
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
            SourceAddress = question.SourceAddress.Length > 0 ? IPAddress.Parse(question.SourceAddress) : null,
            Now = clock.GetUtcNow(),
            Explain = true,
        };
    }

    private static void Check(RealmSnapshot realm, ScopeQuestion question)
    {
        List<FieldViolation> violations = [];
        if (realm.FindClient(question.ClientId) is null)
        {
            violations.Add(new FieldViolation("client_id", "must name a client of the realm"));
        }

        if (question.UserId.Length > 0 && realm.FindUser(question.UserId) is null)
        {
            violations.Add(new FieldViolation("user_id", "must be empty or name a user of the realm"));
        }

        if (question.OrganizationId.Length > 0 && !realm.IsUsableOrganization(question.OrganizationId))
        {
            violations.Add(new FieldViolation("organization_id", "must be empty or name an enabled organization of the realm"));
        }

        if (question.SourceAddress.Length > 0 && !IPAddress.TryParse(question.SourceAddress, out _))
        {
            violations.Add(new FieldViolation("source_address", "must be an IPv4 or IPv6 address"));
        }

        if (violations.Count > 0)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has wrong fields.") { Violations = violations };
        }
    }
}
