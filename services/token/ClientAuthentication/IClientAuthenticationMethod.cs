using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>One way in which a client presents its credentials over HTTP.</summary>
public interface IClientAuthenticationMethod
{
    /// <summary>Its name in the registry of token endpoint authentication methods (RFC 7591 section 2).</summary>
    string Name { get; }

    /// <summary>Whether the request uses this method, well or badly.</summary>
    bool IsUsedBy(string? authorization, OAuthForm form);

    /// <exception cref="Common.Errors.IamException">INVALID_CLIENT where the credentials are malformed.</exception>
    ClientCredentials Read(string? authorization, OAuthForm form);
}
