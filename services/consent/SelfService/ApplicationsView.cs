using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Consent.Texts;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>The clients that a user gave access to, in words for the user.</summary>
public sealed record ApplicationsView
{
    public required string RealmDisplayName { get; init; }

    public required string UserDisplayName { get; init; }

    /// <summary>RFC 5646.</summary>
    public required string Language { get; init; }

    public required IReadOnlyList<ApplicationView> Applications { get; init; }

    /// <summary>Whether it is known which clients hold tokens, and when they were used.</summary>
    public required bool HasGrants { get; init; }

    /// <param name="realm">The realm.</param>
    /// <param name="userId">The user.</param>
    /// <param name="access">What was decided.</param>
    /// <param name="locales">Languages, best first.</param>
    public static ApplicationsView Of(RealmSnapshot realm, string userId, ApplicationList access, IReadOnlyList<string> locales)
    {
        var defaultLanguage = realm.Realm.ConsentSettings.DefaultLanguage;
        string[] preferred = [.. locales, defaultLanguage];
        return new ApplicationsView
        {
            RealmDisplayName = Views.Named(realm.Realm.DisplayName, realm.RealmId),
            UserDisplayName = Views.Named(realm.FindUser(userId)?.DisplayName ?? "", userId),
            Language = PageTexts.For(preferred).Language,
            HasGrants = access.HasGrants,
            Applications = [.. access.Applications.Select(application => new ApplicationView(application, [.. application.Consents.Select(consent => DecisionOf(realm, consent, preferred))]))],
        };
    }

    private static DecisionView DecisionOf(RealmSnapshot realm, ConsentRecord consent, string[] preferred)
    {
        var text = ScopeTexts.Choose(ScopeTexts.Of(realm, consent.Scope), preferred, realm.Realm.ConsentSettings.DefaultLanguage);
        var organization = consent.OrganizationId.Length > 0 ? Views.Organization(realm, consent.OrganizationId) : "";
        return new DecisionView(consent, text?.Title ?? "", text?.Description ?? "", text?.Language ?? "", organization);
    }
}

/// <summary>A client with what the user decided about it.</summary>
public sealed record ApplicationView(ApplicationAccess Access, IReadOnlyList<DecisionView> Decisions);

/// <summary>A decision with the scope's text of today.</summary>
/// <param name="Consent">The decision.</param>
/// <param name="Title">Empty: the server has no text.</param>
/// <param name="Description">Empty: none.</param>
/// <param name="Language">Of the text (RFC 5646).</param>
/// <param name="OrganizationDisplayName">Empty: none.</param>
public sealed record DecisionView(ConsentRecord Consent, string Title, string Description, string Language, string OrganizationDisplayName);
