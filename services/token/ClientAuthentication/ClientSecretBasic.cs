using Pltfrms.Iam.Common.Hosting;
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

    // All that is on the stack is cleared first.
    private const int UsualSize = 256;

    private readonly Func<string, Reading> _read;

    public ClientSecretBasic() => _read = Read;

    public string Name => TokenEndpointAuthMethods.ClientSecretBasic;

    public bool IsUsedBy(string? authorization, OAuthForm form) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    public ClientCredentials Read(string? authorization, OAuthForm form) => Read(authorization!).Credentials;

    /// <summary>The same for a request whose connection may have brought the header before.</summary>
    public ClientCredentials Read(HttpContext context, string authorization) => ConnectionMemory.Of(context).Read(authorization, _read).Credentials;

    private Reading Read(string authorization)
    {
        var encoded = authorization.AsSpan(Scheme.Length).Trim(' ');
        Span<byte> bytes = encoded.Length <= UsualSize ? stackalloc byte[UsualSize] : new byte[MaxSize];
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

        return new(new ClientCredentials(clientId, secret) { SecretMethod = Name, SecretSha256 = AuthenticateClient.Hash(secret) });
    }

    private sealed record Reading(ClientCredentials Credentials);
}
