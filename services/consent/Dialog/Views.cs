using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Texts;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>Resources in words for users; step 4 of the scope pipeline. What has no name for people is called by its id.</summary>
public static class Views
{
    public static ClientView Of(RealmSnapshot realm, Client client) => Of(realm, client, []);

    /// <param name="realm">The realm.</param>
    /// <param name="client">The client.</param>
    /// <param name="preferred">Languages, best first.</param>
    public static ClientView Of(RealmSnapshot realm, Client client, IEnumerable<string> preferred) => new()
    {
        ClientId = client.ClientId,
        DisplayName = Named(NameOf(client, preferred), client.ClientId),
        Logo = client.Logo ?? "",
        Verified = client.Verified,
        OwnerOrganizationId = client.OwnerOrganizationId ?? "",
        OwnerDisplayName = client.OwnerOrganizationId is { } owner ? Organization(realm, owner) : Named(realm.Realm.DisplayName, realm.RealmId),
    };

    /// <param name="realm">The realm.</param>
    /// <param name="client">The client that asks.</param>
    /// <param name="scope">The technical name.</param>
    /// <param name="texts">What there is to read about it.</param>
    /// <param name="preferred">Languages, best first.</param>
    public static ScopeView Of(RealmSnapshot realm, Client client, string scope, ValueList<ScopeText> texts, IEnumerable<string> preferred)
    {
        var text = ScopeTexts.Choose(texts, preferred, realm.Realm.ConsentSettings.DefaultLanguage);
        return new ScopeView
        {
            Scope = scope,
            Title = text?.Title ?? "",
            Description = text?.Description ?? "",
            Language = text?.Language ?? "",
            ResourceServers =
            [
                .. realm.AudiencesOfScope(scope).Select(audience => Named(realm.FindResourceServer(audience)?.DisplayName ?? "", audience)),
            ],
            Required = client.RequiredScopes.Contains(scope),
            TextVersion = TextVersion.Of(scope, text),
        };
    }

    /// <summary>RFC 7591 section 2.2: the name in a language that the user likes, else the one without a language.</summary>
    private static string NameOf(Client client, IEnumerable<string> preferred)
    {
        var names = client.About?.Names ?? [];
        var language = names.Count > 0 ? LanguageTags.Lookup(preferred, [.. names.Select(name => name.Language)]) : null;
        return names.FirstOrDefault(name => name.Language == language)?.Name ?? client.DisplayName;
    }

    public static string Organization(RealmSnapshot realm, string organizationId) =>
        Named(realm.FindOrganization(organizationId)?.DisplayName ?? "", organizationId);

    public static string Named(string displayName, string id) => displayName.Length > 0 ? displayName : id;
}
