using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Clients;

/// <summary>The <c>grant_type</c> values that a client can be given.</summary>
internal static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string ClientCredentials = "client_credentials";
    public const string RefreshToken = "refresh_token";

    /// <summary>RFC 8628.</summary>
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>RFC 8693.</summary>
    public const string TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    /// <summary>RFC 7523.</summary>
    public const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static readonly string[] All = [AuthorizationCode, ClientCredentials, RefreshToken, DeviceCode, TokenExchange, JwtBearer];

    public static TextRule Rule { get; } = new(
        128, text => All.Contains(text) ? null : $"is not a known grant type{Suggestion.For(text, All)}");
}
