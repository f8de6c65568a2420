using System.Text;
using Pltfrms.Iam.Token.Upstream;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>Where an issuer's keys are, as its metadata says: an OpenID provider's or, where it is none, an authorization server's.</summary>
internal static class IssuerMetadata
{
    /// <exception cref="ProviderException">Neither is there, or is of the issuer.</exception>
    public static async Task<string> KeysAddressAsync(ProviderHttp http, string issuer)
    {
        try
        {
            return Read(issuer, await http.GetAsync(ProviderMetadata.AddressOf(issuer), CancellationToken.None));
        }
        catch (ProviderException notOpenId)
        {
            try
            {
                return Read(issuer, await http.GetAsync(AuthorizationServerAddressOf(issuer), CancellationToken.None));
            }
            catch (ProviderException)
            {
                // The first says more: most issuers are OpenID providers.
                throw new ProviderException(notOpenId.Message, notOpenId);
            }
        }
    }

    /// <summary>RFC 8414 section 3.1: between host and path.</summary>
    public static string AuthorizationServerAddressOf(string issuer)
    {
        var uri = new Uri(issuer);
        return $"{uri.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-authorization-server{uri.AbsolutePath.TrimEnd('/')}";
    }

    private static string Read(string issuer, string json)
    {
        var root = ProviderJson.Object("its metadata", Encoding.UTF8.GetBytes(json));

        // RFC 8414 section 3.3: else somebody could pass their own keys off as another's.
        return ProviderJson.Text(root, "issuer") == issuer
            ? ProviderMetadata.Address(root, issuer, "jwks_uri")
            : throw new ProviderException("its metadata is of another issuer");
    }
}
