namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>How a client can authenticate (RFC 7591 section 2, RFC 8705 section 2).</summary>
public static class TokenEndpointAuthMethods
{
    public const string None = "none";
    public const string ClientSecretBasic = "client_secret_basic";
    public const string ClientSecretPost = "client_secret_post";
    public const string PrivateKeyJwt = "private_key_jwt";
    public const string TlsClientAuth = "tls_client_auth";
    public const string SelfSignedTlsClientAuth = "self_signed_tls_client_auth";

    public static IReadOnlyList<string> All { get; } =
        [None, ClientSecretBasic, ClientSecretPost, PrivateKeyJwt, TlsClientAuth, SelfSignedTlsClientAuth];
}
