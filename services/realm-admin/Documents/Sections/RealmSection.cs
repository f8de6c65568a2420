using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary>The keys of the realm itself.</summary>
internal static class RealmSection
{
    private static readonly TimeSpan ShortestRotationInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestRotationInterval = TimeSpan.FromDays(730);

    private static readonly Realm Unset = new() { RealmId = "" };

    public static Realm? Read(Fields fields, References references)
    {
        var realmId = fields.RequiredText("realm_id", Rules.RealmId);
        var acrValues = fields.Texts("acr_values", Rules.Claim);
        foreach (var (acr, path) in acrValues)
        {
            references.Declare(ReferenceKind.Acr, acr, path);
        }

        var realm = new Realm
        {
            RealmId = realmId ?? "",
            DisplayName = fields.Text("display_name", Rules.DisplayName) ?? "",
            Disabled = fields.Flag("disabled"),
            HostName = fields.Text("host_name", Rules.HostName),
            AccessTokenLifetime = fields.Duration("access_token_lifetime") ?? Unset.AccessTokenLifetime,
            SigningKeyRotationInterval = RotationInterval(fields),
            AcrValues = acrValues.Select(acr => acr.Text).ToValueList(),
            ScopePipeline = fields.Mapping("scope_pipeline", pipeline => ScopePipelineSection.Read(pipeline, references)) ?? new ScopePipeline(),
            ConsentSettings = fields.Mapping("consent_settings", ConsentSettingsSection.Read) ?? Unset.ConsentSettings,
            LoginSettings = fields.Mapping("login_settings", login => LoginSettingsSection.Read(login, references)) ?? Unset.LoginSettings,
            SessionSettings = fields.Mapping("session_settings", SessionSettingsSection.Read) ?? Unset.SessionSettings,
            TokenExchange = fields.Mapping("token_exchange", exchange => TokenExchangeSection.Read(exchange, references)) ?? Unset.TokenExchange,
            Dpop = fields.Mapping("dpop", DpopSettingsSection.Read) ?? Unset.Dpop,
            SecurityProfile = fields.Choice<SecurityProfile>("security_profile") ?? Unset.SecurityProfile,
            ClientCertificateAuthorities = fields.Text("client_certificate_authorities", Rules.CertificateAuthorities),
            AuditSettings = fields.Mapping("audit_settings", AuditSettingsSection.Read) ?? Unset.AuditSettings,
            ClientRegistration = fields.Mapping("client_registration", registration => ClientRegistrationSection.Read(registration, references)),
            AuthorizationDetailsTypes = AuthorizationDetailsSection.Read(fields, references),
            AssertionIssuers = AssertionIssuersSection.Read(fields, references, realmId),
        };
        return realmId is null ? null : realm;
    }

    private static TimeSpan RotationInterval(Fields fields)
    {
        const string key = "signing_key_rotation_interval";
        var interval = fields.Duration(key, LongestRotationInterval) ?? Unset.SigningKeyRotationInterval;
        if (interval < ShortestRotationInterval)
        {
            // Every key is published for as long as its tokens live, so a shorter interval would be a long key set.
            fields.Error(key, $"must be {Values.Write(ShortestRotationInterval)} or longer");
        }

        return interval;
    }
}
