using System.Net;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.SenderConstraints;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>IssueTokenRequest to the record that REST makes too.</summary>
internal static class TokenRequestMapping
{
    /// <exception cref="IamException">INVALID_REQUEST.</exception>
    public static TokenRequest ToRequest(Wire.IssueTokenRequest request, in ClientCredentials credentials, IPAddress? sourceAddress)
    {
        var common = new TokenRequest { RealmId = request.RealmId, Credentials = credentials, GrantType = "", SourceAddress = sourceAddress, Sender = SenderOf(request, credentials), AuthorizationDetails = NullIfEmpty(request.AuthorizationDetails) };
        return request.GrantCase switch
        {
            Wire.IssueTokenRequest.GrantOneofCase.ClientCredentials => common with
            {
                GrantType = ClientCredentialsGrant.Name,
                Scopes = request.ClientCredentials.Scopes,
                OrganizationId = NullIfEmpty(request.ClientCredentials.OrganizationId),
                Audience = NullIfEmpty(request.ClientCredentials.Audience),
            },
            Wire.IssueTokenRequest.GrantOneofCase.AuthorizationCode => common with
            {
                GrantType = AuthorizationCodeGrant.Name,
                Code = Required(request.AuthorizationCode.Code, "code"),
                RedirectUri = NullIfEmpty(request.AuthorizationCode.RedirectUri),
                CodeVerifier = NullIfEmpty(request.AuthorizationCode.CodeVerifier),
                Audience = NullIfEmpty(request.AuthorizationCode.Audience),
            },
            Wire.IssueTokenRequest.GrantOneofCase.RefreshToken => common with
            {
                GrantType = RefreshTokenGrant.Name,
                RefreshToken = Required(request.RefreshToken.RefreshToken, "refresh_token"),
                Scopes = request.RefreshToken.Scopes,
                Audience = NullIfEmpty(request.RefreshToken.Audience),
            },
            Wire.IssueTokenRequest.GrantOneofCase.DeviceCode => common with
            {
                GrantType = DeviceCodeGrant.Name,
                DeviceCode = Required(request.DeviceCode.DeviceCode, "device_code"),
            },
            Wire.IssueTokenRequest.GrantOneofCase.TokenExchange => With(common, request.TokenExchange),
            Wire.IssueTokenRequest.GrantOneofCase.JwtBearer => With(common, request.JwtBearer),
            _ => throw new IamException(ErrorReason.InvalidRequest, "The request has no grant."),
        };
    }

    private static SenderEvidence SenderOf(Wire.IssueTokenRequest request, in ClientCredentials credentials) =>
        SenderEvidence.Of(NullIfEmpty(request.DpopProof), credentials.Certificate?.Thumbprint);

    private static TokenRequest With(TokenRequest common, Wire.TokenExchangeGrant grant) => common with
    {
        GrantType = TokenExchangeGrant.Name,
        Scopes = grant.Scopes,
        OrganizationId = NullIfEmpty(grant.OrganizationId),
        Audience = NullIfEmpty(grant.Audience),
        Exchange = ToExchange(grant),
    };

    private static TokenRequest With(TokenRequest common, Wire.JwtBearerGrant grant) => common with
    {
        GrantType = JwtBearerGrant.Name,
        Assertion = Required(grant.Assertion, "assertion"),
        Scopes = grant.Scopes,
        OrganizationId = NullIfEmpty(grant.OrganizationId),
        Audience = NullIfEmpty(grant.Audience),
    };

    private static ExchangedTokens ToExchange(Wire.TokenExchangeGrant grant) => new()
    {
        SubjectToken = grant is { SubjectToken.Length: > 0, DelegationId.Length: > 0 }
            ? throw new IamException(ErrorReason.InvalidRequest, "Either subject_token or delegation_id is exchanged.")
            : NullIfEmpty(grant.SubjectToken) ?? NullIfEmpty(grant.DelegationId),
        SubjectTokenType = grant.DelegationId.Length == 0 ? TokenTypes.AccessToken : TokenTypes.Delegation,
        ActorToken = NullIfEmpty(grant.ActorToken),
        ActorTokenType = grant.ActorToken.Length > 0 ? TokenTypes.AccessToken : null,
    };

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;

    private static string Required(string text, string name) =>
        NullIfEmpty(text) ?? throw new IamException(ErrorReason.InvalidRequest, $"The field {name} is missing.");
}
