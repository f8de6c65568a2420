using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>
/// RFC 6749 section 2.3.1: HTTP Basic, the client identifier as the user and the secret as the password,
/// each "encoded using the application/x-www-form-urlencoded encoding algorithm" first.
/// </summary>
public sealed class ClientSecretBasic : IClientAuthenticationMethod
{
    private const string Scheme = "Basic ";
    private const int MaxSize = 4096;

    public string Name => TokenEndpointAuthMethods.ClientSecretBasic;

    public bool IsUsedBy(string? authorization, OAuthForm form) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    public ClientCredentials Read(string? authorization, OAuthForm form)
    {
        var encoded = authorization.AsSpan(Scheme.Length).Trim(' ');
        Span<byte> bytes = stackalloc byte[MaxSize];
        if (encoded.Length > MaxSize || !Convert.TryFromBase64Chars(encoded, bytes, out var length))
        {
            throw AuthenticateClient.Refused();
        }

        var pair = bytes[..length];
        var colon = pair.IndexOf((byte)':');
        if (colon <= 0 || !FormDecoding.TryDecode(pair[..colon], out var clientId) || !FormDecoding.TryDecode(pair[(colon + 1)..], out var secret))
        {
            throw AuthenticateClient.Refused();
        }

        return new ClientCredentials(clientId, secret) { SecretMethod = Name };
    }
}
