using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>What a provider says about itself (OpenID Connect Discovery section 3).</summary>
public sealed record ProviderMetadata
{
    private const int MaxMethods = 50;

    public required string AuthorizationEndpoint { get; init; }

    public required string TokenEndpoint { get; init; }

    public required string JwksUri { get; init; }

    /// <summary>Whether the client secret is sent as a parameter, because the provider does not take it in a header.</summary>
    public bool TakesSecretInBody { get; init; }

    /// <summary>Whether every response names its issuer (RFC 9207).</summary>
    public bool NamesIssuer { get; init; }

    public static string AddressOf(string issuer) => $"{issuer.TrimEnd('/')}/.well-known/openid-configuration";

    /// <exception cref="ProviderException">It is not metadata of this issuer.</exception>
    public static ProviderMetadata Read(string issuer, string json)
    {
        var root = ProviderJson.Object("its metadata", Encoding.UTF8.GetBytes(json));

        // Section 4.3: else somebody could pass their own endpoints off as another's (mix-up).
        if (ProviderJson.Text(root, "issuer") != issuer)
        {
            throw new ProviderException("its metadata is of another issuer");
        }

        var methods = ProviderJson.Texts(root, "token_endpoint_auth_methods_supported", MaxMethods);
        return new ProviderMetadata
        {
            AuthorizationEndpoint = Address(root, issuer, "authorization_endpoint"),
            TokenEndpoint = Address(root, issuer, "token_endpoint"),
            JwksUri = Address(root, issuer, "jwks_uri"),
            TakesSecretInBody = methods.Contains("client_secret_post") && !methods.Contains("client_secret_basic"),
            NamesIssuer = root.TryGetProperty("authorization_response_iss_parameter_supported", out var names) && names.ValueKind == JsonValueKind.True,
        };
    }

    /// <summary>https, or http on loopback where the issuer is there too; browsers are sent to one of them, so nothing that could end a header.</summary>
    internal static string Address(JsonElement root, string issuer, string name)
    {
        var text = ProviderJson.Text(root, name);
        return text is { Length: <= 2_000 } && text.All(c => c is > ' ' and <= '~') && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && new Uri(issuer).IsLoopback))
            ? text
            : throw new ProviderException($"its {name} is missing or no address to use");
    }
}
