using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes <c>consent_settings</c>.</summary>
internal static class ConsentSettingsWriter
{
    private static readonly ConsentSettings Unset = new();
    private static readonly RemoteConsent UnsetRemote = new() { AuthorizationUri = "", Issuer = "", JwksUri = "" };

    public static void Write(YamlWriter yaml, ConsentSettings settings)
    {
        yaml.Text("custom_page_uri", settings.CustomPageUri);
        if (settings.Remote is { } remote)
        {
            yaml.Mapping("remote", () => yaml
                .Text("authorization_uri", remote.AuthorizationUri)
                .Text("issuer", remote.Issuer)
                .Text("jwks_uri", remote.JwksUri)
                .Plain("request_lifetime", remote.RequestLifetime == UnsetRemote.RequestLifetime ? null : Values.Write(remote.RequestLifetime)));
        }

        yaml.Plain("decision_lifetime", settings.DecisionLifetime is { } lifetime ? Values.Write(lifetime) : null)
            .Plain("challenge_lifetime", settings.ChallengeLifetime == Unset.ChallengeLifetime ? null : Values.Write(settings.ChallengeLifetime))
            .Text("default_language", settings.DefaultLanguage == Unset.DefaultLanguage ? null : settings.DefaultLanguage);
    }
}
