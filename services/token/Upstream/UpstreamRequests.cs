using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Sends a browser to the realm's OpenID provider (OpenID Connect Core section 3.1.2.1): code flow with PKCE, state and nonce.</summary>
public sealed class UpstreamRequests(UpstreamProviders providers, UpstreamStates states, ILogger<UpstreamRequests> log)
{
    /// <summary>The address to send it to.</summary>
    /// <exception cref="AuthorizationRefusedException">The provider cannot be reached.</exception>
    public async Task<string> BeginAsync(FlowContext flow, UpstreamProvider upstream, CancellationToken cancellationToken)
    {
        ProviderMetadata metadata;
        try
        {
            metadata = await providers.MetadataAsync(upstream.Issuer, cancellationToken);
        }
        catch (ProviderException exception)
        {
            log.ProviderFailed(flow.Realm.RealmId, upstream.Issuer, exception.Message);
            throw flow.Refused(new IamException(ErrorReason.ServiceUnavailable, "The realm's OpenID provider cannot be reached.", exception));
        }

        var state = await states.BeginAsync(flow, upstream, cancellationToken);
        return Address(metadata.AuthorizationEndpoint, Parameters(flow, upstream, state));
    }

    private static IEnumerable<(string Name, string? Value)> Parameters(FlowContext flow, UpstreamProvider upstream, UpstreamState state)
    {
        var request = flow.Request;
        return
        [
            (OAuthParameters.ResponseType, "code"),
            (OAuthParameters.ClientId, upstream.ClientId),
            (OAuthParameters.RedirectUri, flow.BaseAddress + BrowserAddresses.UpstreamPath),
            (OAuthParameters.Scope, string.Join(' ', upstream.Scopes.Prepend("openid"))),
            (OAuthParameters.State, state.State),
            ("nonce", state.Nonce),
            (OAuthParameters.CodeChallenge, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(state.CodeVerifier)))),
            (OAuthParameters.CodeChallengeMethod, Pkce.Method),
            (OAuthParameters.Prompt, PromptOf(request.Prompt)),
            (OAuthParameters.MaxAge, request.MaxAge?.ToString(CultureInfo.InvariantCulture)),
            (OAuthParameters.AcrValues, AcrValues(request, upstream)),
            (OAuthParameters.LoginHint, request.LoginHint),
            (OAuthParameters.UiLocales, request.UiLocales.Count > 0 ? string.Join(' ', request.UiLocales) : null),
        ];
    }

    /// <summary>To consent is for us to ask.</summary>
    private static string? PromptOf(Prompts prompt) =>
        prompt.HasFlag(Prompts.None) ? "none" : prompt.HasFlag(Prompts.Login) ? "login" : null;

    /// <summary>In the provider's words.</summary>
    private static string? AcrValues(AuthorizationRequest request, UpstreamProvider upstream)
    {
        List<string> values = [];
        foreach (var asked in request.AcrValues)
        {
            var theirs = upstream.AcrMappings.Where(mapping => mapping.StandsFor == asked).Select(mapping => mapping.Value).ToList();
            values.AddRange(theirs.Count > 0 ? theirs : [asked]);
        }

        return values.Count > 0 ? string.Join(' ', values.Distinct(StringComparer.Ordinal)) : null;
    }

    private static string Address(string endpoint, IEnumerable<(string Name, string? Value)> parameters)
    {
        var address = new StringBuilder(endpoint);
        var separator = endpoint.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in parameters.Where(parameter => parameter.Value is not null))
        {
            address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value!));
            separator = '&';
        }

        return address.ToString();
    }
}
