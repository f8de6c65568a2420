using System.Net;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pipeline;
using Pltfrms.Iam.Consent.Texts;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>Runs the scope pipeline for a user who is logged in, as far as it goes without asking.</summary>
public sealed class StartConsent(RealmSnapshots realms, IDatabase database, DialogStores stores, ConsentPlaces places, TimeProvider clock)
{
    private const int MostScopes = 200;

    /// <exception cref="IamException">
    /// REALM_NOT_FOUND, RESOURCE_NOT_FOUND, INVALID_ARGUMENT, INVALID_SCOPE, UNKNOWN_ORGANIZATION, ACCESS_DENIED, CONSENT_REQUIRED,
    /// REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.
    /// </exception>
    public async Task<StartedConsent> RunAsync(ConsentRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        var realm = await realms.GetAsync(request.RealmId, 0, cancellationToken);
        var now = clock.GetUtcNow();
        var scopes = UserScopes.Of(realm, request, now);
        var offered = scopes.Offer();
        if (offered.Refusal is { } nothing)
        {
            throw await RefusedAsync(RunOf(scopes, offered, []), nothing, now, cancellationToken);
        }

        var recorded = await RecordedAsync(request, cancellationToken);
        var consent = ConsentStep.Apply(realm, scopes.Client, offered.Scopes, recorded, request.PromptConsent, now);
        if (WhyDenied(scopes, offered.Scopes, consent) is { } why)
        {
            var run = RunOf(scopes, offered, consent.Steps);
            throw await RefusedAsync(run, new IamException(ErrorReason.AccessDenied, why), now, cancellationToken);
        }

        return consent.Undecided.Count == 0 && (request.AuthorizationDetails.Count == 0 || scopes.Client.ConsentPolicy == ConsentPolicy.Trusted)
            ? await GrantAsync(scopes, offered, consent, now, cancellationToken)
            : await AskAsync(scopes, offered, consent, now, cancellationToken);
    }

    private async Task<IReadOnlyList<ConsentRecord>> RecordedAsync(ConsentRequest request, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await stores.Consents.FindAsync(
            session, request.RealmId, request.UserId, request.ClientId, request.OrganizationId, cancellationToken);
    }

    /// <summary>Where nothing is left to grant or to ask, or what the client cannot do without is denied, there is no point in a dialog.</summary>
    private static string? WhyDenied(UserScopes scopes, IReadOnlyList<string> offered, RecordedConsent consent)
    {
        if (scopes.Request.AuthorizationDetails.Count == 0 && offered.Count > 0 && consent.Granted.Count == 0 && consent.Undecided.Count == 0)
        {
            return "The user has denied every scope before.";
        }

        return consent.Denied.Intersect(scopes.Client.RequiredScopes).Any() ? "The user has denied a scope before that the client requires." : null;
    }

    /// <summary>A refusal is the very thing that is asked about later, so its run is kept like any other.</summary>
    private async Task<IamException> RefusedAsync(PipelineRun run, IamException refusal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var authorizationId = await KeepAsync(run with { Granted = [] }, now, cancellationToken);
        return new IamException(refusal.Reason, refusal.Message)
        {
            Metadata = new Dictionary<string, string> { [AuthorizationStore.MetadataKey] = authorizationId },
        };
    }

    private async Task<StartedConsent> GrantAsync(
        UserScopes scopes, ScopeResult offered, RecordedConsent consent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var details = AskedDetails.Granted(scopes.Realm, scopes.Request, [.. AskedDetails.IdsOf(scopes.Request)]);
        var granted = scopes.Grant(consent.Granted, details.Count > 0);
        var run = RunOf(scopes, offered, [.. consent.Steps, .. granted.Steps]);
        return granted.Refusal is { } nothing
            ? throw await RefusedAsync(run, nothing, now, cancellationToken)
            : new StartedConsent(
                await KeepAsync(run with { Granted = granted.Scopes.ToValueList() }, now, cancellationToken), scopes.Outcome(granted, details), "", "");
    }

    private async Task<string> KeepAsync(PipelineRun run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var authorizationId = Guid.CreateVersion7(now).ToString();
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await stores.Authorizations.AddAsync(
            session, run.Request.RealmId, authorizationId, run, now + AuthorizationStore.Kept, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return authorizationId;
    }

    private async Task<StartedConsent> AskAsync(
        UserScopes scopes, ScopeResult offered, RecordedConsent consent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (scopes.Request.PromptNone)
        {
            throw new IamException(ErrorReason.ConsentRequired, "The user must be asked for consent.");
        }

        var value = OpaqueValue.New();
        var challenge = new Challenge
        {
            RealmId = scopes.Realm.RealmId,
            ChallengeHash = OpaqueValue.Hash(value),
            AuthorizationId = Guid.CreateVersion7(now).ToString(),
            Request = scopes.Request,
            Asked = consent.Undecided.Keys.Select(scope => new AskedScope(scope, ScopeTexts.Of(scopes.Realm, scope))).ToValueList(),
            Granted = consent.Granted.ToValueList(),
            ExpiresAt = now + scopes.Realm.Realm.ConsentSettings.ChallengeLifetime,
        };
        var redirectTo = await places.OpenAsync(scopes.Realm, challenge, value, cancellationToken);
        var run = RunOf(scopes, offered, [.. consent.Steps, .. ConsentStep.Open(consent.Undecided)]);
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await stores.Challenges.AddAsync(session, challenge, cancellationToken);
        await stores.Authorizations.AddAsync(
            session, challenge.RealmId, challenge.AuthorizationId, run, now + AuthorizationStore.Kept, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return new StartedConsent(challenge.AuthorizationId, null, value, redirectTo);
    }

    private static PipelineRun RunOf(UserScopes scopes, ScopeResult offered, IEnumerable<ScopeStepRecord> steps) => new()
    {
        Request = scopes.Request,
        Revision = scopes.Realm.Revision,
        Offered = offered.Scopes.ToValueList(),
        Steps = [.. offered.Steps, .. steps],
    };

    private static void Check(ConsentRequest request) => new FieldChecks()
        .Require("user_id", request.UserId.Length > 0, "must name a user")
        .Require("client_id", request.ClientId.Length > 0, "must name a client")
        .Require("grant_type", request.GrantType.Length > 0, "must name a grant type")
        .Require("scopes", request.Scopes.Count <= MostScopes, $"must have at most {MostScopes} items")
        .Require(
            "login.source_address",
            request.Login.SourceAddress.Length == 0 || IPAddress.TryParse(request.Login.SourceAddress, out _),
            "must be an IPv4 or IPv6 address")
        .Require("prompt_none", !(request.PromptNone && request.PromptConsent), "must not be set with prompt_consent")
        .Require("return_uri", request.PromptNone || FieldChecks.IsWebAddress(request.ReturnUri), "must be an absolute http or https address")
        .Require("lifetime", request.Lifetime is not { } lifetime || lifetime > TimeSpan.Zero, "must be positive")
        .ThrowIfAny();
}
