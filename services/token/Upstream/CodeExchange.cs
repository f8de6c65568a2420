using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Redeems a code at the provider (OpenID Connect Core section 3.1.3).</summary>
public sealed class CodeExchange(ProviderHttp http, UpstreamSecrets secrets)
{
    /// <exception cref="ProviderException">The provider does not answer with an id token.</exception>
    public async Task<ProviderTokens> ExecuteAsync(
        OpenAuthorization open, UpstreamProvider upstream, ProviderMetadata metadata, (string Code, string Verifier) proof, CancellationToken cancellationToken)
    {
        var secret = OpenSecret(open.Pending.RealmId, upstream);
        List<KeyValuePair<string, string>> form =
        [
            new(OAuthParameters.GrantType, AuthorizationCodeGrant.Name),
            new(OAuthParameters.Code, proof.Code),
            new(OAuthParameters.RedirectUri, open.Pending.Progress.BaseAddress + BrowserAddresses.UpstreamPath),
            new(OAuthParameters.CodeVerifier, proof.Verifier),
        ];
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata.TokenEndpoint);
        if (secret is not null && !metadata.TakesSecretInBody)
        {
            request.Headers.Authorization = Basic(upstream.ClientId, secret);
        }
        else
        {
            form.Add(new(OAuthParameters.ClientId, upstream.ClientId));
            if (secret is not null)
            {
                form.Add(new(OAuthParameters.ClientSecret, secret));
            }
        }

        request.Content = new FormUrlEncodedContent(form);
        var (status, body) = await http.PostAsync(request, cancellationToken);
        return status == HttpStatusCode.OK ? Read(body) : throw new ProviderException($"its token endpoint answers {(int)status}");
    }

    private string? OpenSecret(string realmId, UpstreamProvider upstream)
    {
        try
        {
            return secrets.Open(realmId, upstream);
        }
        catch (CryptographicException exception)
        {
            throw new ProviderException($"the client secret that the realm has there cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>RFC 6749 section 2.3.1: both are encoded as in a form first.</summary>
    private static AuthenticationHeaderValue Basic(string clientId, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{WebUtility.UrlEncode(clientId)}:{WebUtility.UrlEncode(secret)}")));

    private static ProviderTokens Read(string body)
    {
        var answer = ProviderJson.Object("the answer of its token endpoint", Encoding.UTF8.GetBytes(body));
        return ProviderJson.Text(answer, "id_token") is { Length: > 0 } idToken
            ? new ProviderTokens(idToken, ProviderJson.Text(answer, "access_token"))
            : throw new ProviderException("its token endpoint gives no id token");
    }
}

/// <summary>What the provider gives for a code.</summary>
/// <param name="IdToken">Not verified yet.</param>
/// <param name="AccessToken">Used for nothing but to verify its hash; null: none.</param>
public sealed record ProviderTokens(string IdToken, string? AccessToken)
{
    /// <summary>For a log that prints the record after all.</summary>
    public override string ToString() => nameof(ProviderTokens);
}
