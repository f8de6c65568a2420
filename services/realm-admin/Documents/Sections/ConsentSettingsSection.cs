using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>consent_settings</c>.</summary>
internal static class ConsentSettingsSection
{
    private static readonly ConsentSettings Unset = new();
    private static readonly TimeSpan LongestDecision = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LongestChallenge = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(1800);

    public static ConsentSettings Read(Fields fields)
    {
        if (fields.Has("custom_page_uri") && fields.Has("remote"))
        {
            fields.Error("remote", "must not be set with custom_page_uri");
        }

        return new ConsentSettings
        {
            CustomPageUri = fields.Text("custom_page_uri", Rules.WebAddress),
            Remote = fields.Mapping("remote", Remote),
            DecisionLifetime = fields.Duration("decision_lifetime", LongestDecision),
            ChallengeLifetime = fields.Duration("challenge_lifetime", LongestChallenge) ?? Unset.ChallengeLifetime,
            DefaultLanguage = fields.Text("default_language", Rules.Language) ?? Unset.DefaultLanguage,
        };
    }

    private static RemoteConsent? Remote(Fields fields)
    {
        var authorizationUri = fields.RequiredText("authorization_uri", Rules.WebAddress);
        var issuer = fields.RequiredText("issuer", Rules.Issuer);
        var jwksUri = fields.RequiredText("jwks_uri", Rules.WebAddress);
        var lifetime = fields.Duration("request_lifetime", LongestRequest) ?? LongestRequest;
        return authorizationUri is null || issuer is null || jwksUri is null
            ? null
            : new RemoteConsent { AuthorizationUri = authorizationUri, Issuer = issuer, JwksUri = jwksUri, RequestLifetime = lifetime };
    }
}
