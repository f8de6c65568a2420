using System.Net;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using System.Text.Json.Serialization;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>A request for a token, from whichever transport.</summary>
public sealed record TokenRequest
{
    public required string RealmId { get; init; }

    public required ClientCredentials Credentials { get; init; }

    public required string GrantType { get; init; }

    /// <summary>As asked for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Null: none asked for.</summary>
    public string? Audience { get; init; }

    /// <summary>JSON (RFC 9396 section 6); null: none asked for.</summary>
    public string? AuthorizationDetails { get; init; }

    public IPAddress? SourceAddress { get; init; }

    /// <summary>The trace id that the caller sent (W3C Trace Context); null: none.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What is found out on the way, for the audit trail.</summary>
    internal RequestTrail Trail { get; } = new();

    /// <summary>What shows which keys the sender has.</summary>
    public SenderEvidence Sender { get; init; } = SenderEvidence.None;

    /// <summary>Sensitive: what authorization_code redeems.</summary>
    public string? Code { get; init; }

    /// <summary>Of the authorization request.</summary>
    public string? RedirectUri { get; init; }

    /// <summary>Sensitive: RFC 7636.</summary>
    public string? CodeVerifier { get; init; }

    /// <summary>Sensitive: what refresh_token redeems.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>Sensitive: what device_code redeems.</summary>
    public string? DeviceCode { get; init; }

    /// <summary>Sensitive: what jwt-bearer presents.</summary>
    public string? Assertion { get; init; }

    /// <summary>Sensitive: RFC 8693 section 2.1; null: none.</summary>
    public ExchangedTokens? Exchange { get; init; }

    /// <summary>Without what is sensitive, for a log that prints the record after all.</summary>
    public override string ToString() => $"TokenRequest {GrantType}";
}

/// <summary>Sensitive: what token exchange reads (RFC 8693 section 2.1).</summary>
public sealed record ExchangedTokens
{
    public string? SubjectToken { get; init; }

    public string? SubjectTokenType { get; init; }

    public string? ActorToken { get; init; }

    public string? ActorTokenType { get; init; }

    public string? RequestedTokenType { get; init; }

    /// <summary>Without the tokens.</summary>
    public override string ToString() => "ExchangedTokens";
}

/// <summary>What the client gets (RFC 6749 section 5.1).</summary>
public sealed record IssuedToken
{
    /// <summary>Sensitive.</summary>
    public required string AccessToken { get; init; }

    /// <summary>How it is presented: Bearer (RFC 6750) or DPoP (RFC 9449 section 5).</summary>
    public string TokenType { get; init; } = Confirmation.BearerType;

    /// <summary><c>jti</c>.</summary>
    public required string TokenId { get; init; }

    public required TimeSpan ExpiresIn { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>RFC 9396 section 7.</summary>
    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    public string? OrganizationId { get; init; }

    /// <summary>Sensitive; null: none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>Null where the client acts for itself.</summary>
    public string? GrantId { get; init; }

    /// <summary>RFC 8693 section 2.2.1; null: the token comes from no exchange.</summary>
    public string? IssuedTokenType { get; init; }

    /// <summary>For the client's next proof (RFC 9449 section 8.2); null: none is demanded.</summary>
    [JsonIgnore]
    public string? DpopNonce { get; init; }

    /// <summary>Of the realm when the decision was made.</summary>
    public required long Revision { get; init; }

    /// <summary>What the token says; null: it was issued before, and this is its answer once more.</summary>
    [JsonIgnore]
    public AccessToken? Claims { get; init; }

    /// <summary>Without the token, for a log that prints the record after all.</summary>
    public override string ToString() => $"IssuedToken, {ExpiresIn}";
}
