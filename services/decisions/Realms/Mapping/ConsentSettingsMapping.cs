using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class ConsentSettingsMapping
{
    private static readonly ConsentSettings Unset = new();

    /// <summary>Settings that are the usual ones are not sent.</summary>
    public static Wire.ConsentSettings? ToWire(this ConsentSettings settings)
    {
        if (settings == Unset)
        {
            return null;
        }

        var wire = new Wire.ConsentSettings
        {
            DecisionLifetime = WireValues.ToWire(settings.DecisionLifetime),
            ChallengeLifetime = settings.ChallengeLifetime == Unset.ChallengeLifetime ? null : Duration.FromTimeSpan(settings.ChallengeLifetime),
            DefaultLanguage = settings.DefaultLanguage == Unset.DefaultLanguage ? "" : settings.DefaultLanguage,
        };
        if (settings.CustomPageUri is { } customPageUri)
        {
            wire.CustomPageUri = customPageUri;
        }
        else if (settings.Remote is { } remote)
        {
            wire.Remote = new Wire.RemoteConsent
            {
                AuthorizationUri = remote.AuthorizationUri,
                Issuer = remote.Issuer,
                JwksUri = remote.JwksUri,
                RequestLifetime = Duration.FromTimeSpan(remote.RequestLifetime),
            };
        }

        return wire;
    }

    public static ConsentSettings ToRecord(this Wire.ConsentSettings? settings) => settings is null ? Unset : new()
    {
        CustomPageUri = settings.PlaceCase == Wire.ConsentSettings.PlaceOneofCase.CustomPageUri ? settings.CustomPageUri : null,
        Remote = settings.Remote is { } remote
            ? new RemoteConsent
            {
                AuthorizationUri = remote.AuthorizationUri,
                Issuer = remote.Issuer,
                JwksUri = remote.JwksUri,
                RequestLifetime = remote.RequestLifetime.ToTimeSpan(),
            }
            : null,
        DecisionLifetime = settings.DecisionLifetime?.ToTimeSpan(),
        ChallengeLifetime = settings.ChallengeLifetime?.ToTimeSpan() ?? Unset.ChallengeLifetime,
        DefaultLanguage = settings.DefaultLanguage.Length > 0 ? settings.DefaultLanguage : Unset.DefaultLanguage,
    };
}
