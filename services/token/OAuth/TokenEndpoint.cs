using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Dpop;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.SenderConstraints;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 6749 section 3.2.</summary>
public sealed class TokenEndpoint(RecordedIssue issue, AuthenticateRequest authentication)
{
    public async Task HandleAsync(HttpContext context)
    {
        var form = await FormReader.ReadAsync(context.Request, context.RequestAborted);
        var grantType = form.Require(OAuthParameters.GrantType);
        var credentials = authentication.Read(context, form);
        var issued = await issue.ExecuteAsync(
            new TokenRequest
            {
                RealmId = OAuthRoutes.RealmOf(context),
                Credentials = credentials,
                Sender = RequestSender.Of(context, credentials.Certificate?.Thumbprint),
                GrantType = grantType,
                Scopes = ScopeList.Split(form.Find(OAuthParameters.Scope)),
                OrganizationId = form.Find(OAuthParameters.Organization),
                Audience = AudienceOf(form),
                SourceAddress = SourceAddress.Of(context),
                CorrelationId = TraceId.Of(context),
                AuthorizationDetails = form.Find(OAuthParameters.AuthorizationDetails),
                Code = form.Find(OAuthParameters.Code),
                RedirectUri = form.Find(OAuthParameters.RedirectUri),
                CodeVerifier = form.Find(OAuthParameters.CodeVerifier),
                RefreshToken = form.Find(OAuthParameters.RefreshToken),
                DeviceCode = form.Find(OAuthParameters.DeviceCode),
                Assertion = form.Find(OAuthParameters.Assertion),
                Exchange = grantType == TokenExchangeGrant.Name ? ExchangeOf(form) : null,
            },
            context.RequestAborted);

        await WriteAsync(context, issued);
    }

    private static Task WriteAsync(HttpContext context, IssuedToken issued)
    {
        OAuthJson.NoStore(context.Response);
        if (issued.DpopNonce is { } nonce)
        {
            context.Response.Headers[DpopHeader.Nonce] = nonce;
        }

        return OAuthJson.WriteAsync(context, issued, static (writer, token) =>
        {
            writer.WriteString("access_token"u8, token.AccessToken);
            writer.WriteString("token_type"u8, token.TokenType);
            writer.WriteNumber("expires_in"u8, (long)token.ExpiresIn.TotalSeconds);
            writer.WriteString("scope"u8, string.Join(' ', token.Scopes));
            if (token.IssuedTokenType is not null)
            {
                writer.WriteString("issued_token_type"u8, token.IssuedTokenType);
            }

            DetailsJson.Write(writer, token.AuthorizationDetails);
            if (token.RefreshToken is not null)
            {
                writer.WriteString("refresh_token"u8, token.RefreshToken);
            }
        });
    }

    private static ExchangedTokens ExchangeOf(OAuthForm form) => new()
    {
        SubjectToken = form.Find(OAuthParameters.SubjectToken),
        SubjectTokenType = form.Find(OAuthParameters.SubjectTokenType),
        ActorToken = form.Find(OAuthParameters.ActorToken),
        ActorTokenType = form.Find(OAuthParameters.ActorTokenType),
        RequestedTokenType = form.Find(OAuthParameters.RequestedTokenType),
    };

    /// <summary>RFC 8693's <c>audience</c> or RFC 8707's <c>resource</c>: our resource servers' audiences are absolute URIs, so they name the same thing.</summary>
    private static string? AudienceOf(OAuthForm form)
    {
        var audience = form.Find(OAuthParameters.Audience);
        var resource = form.Find(OAuthParameters.Resource);
        if (resource is null)
        {
            return audience;
        }

        // RFC 8707 section 2: "Its value MUST be an absolute URI [...] The URI MUST NOT include a fragment component."
        if (!Uri.TryCreate(resource, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0 || resource[0] == '/')
        {
            throw new IamException(ErrorReason.InvalidTarget, "resource must be an absolute URI without a fragment.");
        }

        return audience is null || audience == resource
            ? resource
            : throw new IamException(ErrorReason.InvalidTarget, "audience and resource name different resource servers.");
    }
}
