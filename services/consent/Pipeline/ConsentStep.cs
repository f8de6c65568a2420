using System.Globalization;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Texts;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>Step 5 of the scope pipeline, as far as records decide it: what is granted, what is denied, and what the user must be asked about.</summary>
public static class ConsentStep
{
    /// <summary>The step in explanations.</summary>
    public const string Name = "consent";

    /// <summary>The rule of scopes that the user is being asked about.</summary>
    public const string AskedRule = "asked";

    /// <param name="realm">As it is now.</param>
    /// <param name="client">The client that asks.</param>
    /// <param name="offered">What the steps before left.</param>
    /// <param name="recorded">The user's decisions for the client in the organization.</param>
    /// <param name="promptConsent">Whether the user must be asked, whatever is recorded.</param>
    /// <param name="now">The time.</param>
    public static RecordedConsent Apply(
        RealmSnapshot realm,
        Client client,
        IReadOnlyList<string> offered,
        IReadOnlyList<ConsentRecord> recorded,
        bool promptConsent,
        DateTimeOffset now)
    {
        var result = new RecordedConsent([], [], [], []);
        foreach (var scope in offered)
        {
            if (client.ConsentPolicy == ConsentPolicy.Trusted)
            {
                result.Granted.Add(scope);
                result.Steps.Add(new(Name, scope, ScopeStepEffect.Kept, "trusted", $"client {client.ClientId} is trusted: nobody is asked"));
            }
            else if (promptConsent)
            {
                result.Undecided[scope] = "the client asked for the dialog (prompt=consent)";
            }
            else
            {
                Look(realm, result, scope, recorded.FirstOrDefault(consent => consent.Scope == scope), now);
            }
        }

        return result;
    }

    /// <summary>What the user's answer makes of the scopes that were asked about.</summary>
    public static IEnumerable<ScopeStepRecord> Answered(IEnumerable<string> asked, IReadOnlyList<string> granted, bool remembered)
    {
        var kept = remembered ? "" : ", for this authorization only";
        return asked.Select(scope => granted.Contains(scope)
            ? new ScopeStepRecord(Name, scope, ScopeStepEffect.Kept, "answer", $"the user granted it when asked{kept}")
            : new ScopeStepRecord(Name, scope, ScopeStepEffect.Dropped, "answer", $"the user denied it when asked{kept}"));
    }

    /// <summary>What is true of the scopes that the user is being asked about.</summary>
    public static IEnumerable<ScopeStepRecord> Open(IReadOnlyDictionary<string, string> undecided) => undecided.Select(
        scope => new ScopeStepRecord(Name, scope.Key, ScopeStepEffect.Kept, AskedRule, $"the user is asked: {scope.Value}"));

    private static void Look(RealmSnapshot realm, RecordedConsent result, string scope, ConsentRecord? consent, DateTimeOffset now)
    {
        if (WhyInvalid(realm, consent, now) is { } why)
        {
            result.Undecided[scope] = why;
        }
        else if (consent!.Decision == ConsentDecision.Granted)
        {
            result.Granted.Add(scope);
            result.Steps.Add(new(Name, scope, ScopeStepEffect.Kept, "decision", $"the user granted it on {Day(consent)}"));
        }
        else
        {
            result.Denied.Add(scope);
            result.Steps.Add(new(Name, scope, ScopeStepEffect.Dropped, "decision", $"the user denied it on {Day(consent)}"));
        }
    }

    /// <summary>Why a decision does not count; null: it does.</summary>
    private static string? WhyInvalid(RealmSnapshot realm, ConsentRecord? consent, DateTimeOffset now)
    {
        // A realm of the same name may have been there before: what users decided then was about another one.
        if (consent is null || consent.DecidedAt < realm.Realm.CreatedAt)
        {
            return "there is no decision yet";
        }

        if (consent.ExpiresAt <= now)
        {
            return $"the decision of {Day(consent)} has expired";
        }

        var texts = ScopeTexts.Of(realm, consent.Scope);
        var text = ScopeTexts.In(texts, consent.TextLanguage);
        var isShown = text is not null || (consent.TextLanguage.Length == 0 && texts.Count == 0);
        var isSame = isShown && TextVersion.Of(consent.Scope, text) == consent.TextVersion;
        return isSame ? null : $"its text has changed since the decision of {Day(consent)}";
    }

    private static string Day(ConsentRecord consent) => consent.DecidedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>What records decide.</summary>
/// <param name="Granted">By a decision, or because the client is trusted.</param>
/// <param name="Denied">By a decision.</param>
/// <param name="Undecided">What the user must be asked about, and why.</param>
/// <param name="Steps">What happened to the scopes that are decided.</param>
public sealed record RecordedConsent(
    List<string> Granted, List<string> Denied, Dictionary<string, string> Undecided, List<ScopeStepRecord> Steps);
