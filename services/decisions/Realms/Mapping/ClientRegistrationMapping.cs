using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class ClientRegistrationMapping
{
    private static readonly ClientRegistrationPolicy Usual = new();

    internal static Wire.ClientRegistrationSettings? ToWire(this ClientRegistrationSettings? settings) => settings is null ? null : new()
    {
        Mode = settings.Mode switch
        {
            ClientRegistrationMode.Open => Wire.ClientRegistrationMode.Open,
            ClientRegistrationMode.InitialAccessToken => Wire.ClientRegistrationMode.InitialAccessToken,
            _ => throw WireValues.Unknown(settings.Mode),
        },
        Policy = settings.Policy == Usual ? null : settings.Policy.ToWire(),
        MaxClients = settings.MaxClients == ClientRegistrationSettings.UsualMaxClients ? 0 : settings.MaxClients,
        UnusedLifetime = WireValues.ToWire(settings.UnusedLifetime),
    };

    internal static ClientRegistrationSettings? ToRecord(this Wire.ClientRegistrationSettings? settings) => settings is null ? null : new()
    {
        Mode = settings.Mode switch
        {
            Wire.ClientRegistrationMode.Open => ClientRegistrationMode.Open,
            Wire.ClientRegistrationMode.InitialAccessToken => ClientRegistrationMode.InitialAccessToken,
            _ => throw WireValues.Unknown(settings.Mode),
        },
        Policy = settings.Policy?.ToRecord() ?? Usual,
        MaxClients = settings.MaxClients == 0 ? ClientRegistrationSettings.UsualMaxClients : settings.MaxClients,
        UnusedLifetime = settings.UnusedLifetime?.ToTimeSpan(),
    };

    public static Wire.ClientRegistrationPolicy ToWire(this ClientRegistrationPolicy policy) => new()
    {
        ClientTypes = { policy.ClientTypes.Select(ClientMapping.ToWire) },
        GrantTypes = { policy.GrantTypes },
        Scopes = { policy.Scopes },
        AuthorizationDetailsTypes = { policy.AuthorizationDetailsTypes },
        RedirectHosts = { policy.RedirectHosts },
        TokenEndpointAuthMethods = { policy.TokenEndpointAuthMethods },
        SoftwareStatementIssuers =
        {
            policy.SoftwareStatementIssuers.Select(issuer => new Wire.SoftwareStatementIssuer { Issuer = issuer.Issuer, Jwks = issuer.Jwks }),
        },
        RequireSoftwareStatement = policy.RequireSoftwareStatement,
        ClientSecretLifetime = policy.ClientSecretLifetime is { } lifetime ? Duration.FromTimeSpan(lifetime) : null,
    };

    private static ClientRegistrationPolicy ToRecord(this Wire.ClientRegistrationPolicy policy) => new()
    {
        ClientTypes = policy.ClientTypes.Select(ClientMapping.ToRecord).ToValueList(),
        GrantTypes = [.. policy.GrantTypes],
        Scopes = [.. policy.Scopes],
        AuthorizationDetailsTypes = [.. policy.AuthorizationDetailsTypes],
        RedirectHosts = [.. policy.RedirectHosts],
        TokenEndpointAuthMethods = [.. policy.TokenEndpointAuthMethods],
        SoftwareStatementIssuers = policy.SoftwareStatementIssuers
            .Select(issuer => new SoftwareStatementIssuer(issuer.Issuer, issuer.Jwks)).ToValueList(),
        RequireSoftwareStatement = policy.RequireSoftwareStatement,
        ClientSecretLifetime = policy.ClientSecretLifetime?.ToTimeSpan(),
    };
}
