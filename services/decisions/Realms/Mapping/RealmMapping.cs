using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class RealmMapping
{
    private static readonly Realm Unset = new() { RealmId = "" };

    public static Wire.Realm ToWire(this Realm realm) => new()
    {
        RealmId = realm.RealmId,
        DisplayName = realm.DisplayName,
        Disabled = realm.Disabled,
        HostName = realm.HostName ?? "",
        AccessTokenLifetime = Duration.FromTimeSpan(realm.AccessTokenLifetime),
        SigningKeyRotationInterval = realm.SigningKeyRotationInterval == Unset.SigningKeyRotationInterval
            ? null
            : Duration.FromTimeSpan(realm.SigningKeyRotationInterval),
        AcrValues = { realm.AcrValues },
        ScopePipeline = realm.ScopePipeline.ToWire(),
        Platform = realm.IsPlatform,
        Revision = realm.Revision,
        CreateTime = WireValues.ToWire(realm.CreatedAt),
        ConsentSettings = realm.ConsentSettings.ToWire(),
        LoginSettings = realm.LoginSettings.ToWire(),
        SessionSettings = realm.SessionSettings.ToWire(),
        TokenExchange = realm.TokenExchange.ToWire(),
        Dpop = realm.Dpop.ToWire(),
        SecurityProfile = realm.SecurityProfile.ToWire(),
        ClientCertificateAuthorities = realm.ClientCertificateAuthorities ?? "",
        AuditSettings = realm.AuditSettings.ToWire(),
        ClientRegistration = realm.ClientRegistration.ToWire(),
        AssertionIssuers = { realm.AssertionIssuers.Select(AssertionIssuerMapping.ToWire) },
        AuthorizationDetailsTypes = { realm.AuthorizationDetailsTypes.Select(AuthorizationDetailsMapping.ToWire) },
    };

    /// <summary>For the services that log users in: with the sealed secret of the realm's OpenID provider.</summary>
    public static Wire.Realm ToFeedWire(this Realm realm)
    {
        var wire = realm.ToWire();
        wire.LoginSettings = realm.LoginSettings.ToFeedWire();
        return wire;
    }

    public static Realm ToRecord(this Wire.Realm realm) => new()
    {
        RealmId = realm.RealmId,
        DisplayName = realm.DisplayName,
        Disabled = realm.Disabled,
        HostName = WireValues.NullIfEmpty(realm.HostName),
        AccessTokenLifetime = realm.AccessTokenLifetime.ToTimeSpan(),
        SigningKeyRotationInterval = realm.SigningKeyRotationInterval?.ToTimeSpan() ?? Unset.SigningKeyRotationInterval,
        AcrValues = [.. realm.AcrValues],
        ScopePipeline = realm.ScopePipeline.ToRecord(),
        IsPlatform = realm.Platform,
        Revision = realm.Revision,
        CreatedAt = realm.CreateTime.ToDateTimeOffset(),
        ConsentSettings = realm.ConsentSettings.ToRecord(),
        LoginSettings = realm.LoginSettings.ToRecord(),
        SessionSettings = realm.SessionSettings.ToRecord(),
        TokenExchange = realm.TokenExchange.ToRecord(),
        Dpop = realm.Dpop.ToRecord(),
        SecurityProfile = realm.SecurityProfile.ToRecord(),
        ClientCertificateAuthorities = WireValues.NullIfEmpty(realm.ClientCertificateAuthorities),
        AuditSettings = realm.AuditSettings.ToRecord(),
        ClientRegistration = realm.ClientRegistration.ToRecord(),
        AssertionIssuers = realm.AssertionIssuers.Select(AssertionIssuerMapping.ToRecord).ToValueList(),
        AuthorizationDetailsTypes = realm.AuthorizationDetailsTypes.Select(AuthorizationDetailsMapping.ToRecord).ToValueList(),
    };
}
