using System.Text.Json;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>The members of tokens and of introspection answers: the registered ones and ours.</summary>
public static class ClaimNames
{
    public const string UserSubject = "user";
    public const string ClientSubject = "client";

    public static readonly JsonEncodedText Issuer = JsonEncodedText.Encode("iss");
    public static readonly JsonEncodedText Subject = JsonEncodedText.Encode("sub");
    public static readonly JsonEncodedText SubjectType = JsonEncodedText.Encode("sub_type");
    public static readonly JsonEncodedText Audience = JsonEncodedText.Encode("aud");
    public static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("exp");
    public static readonly JsonEncodedText IssuedAt = JsonEncodedText.Encode("iat");
    public static readonly JsonEncodedText TokenId = JsonEncodedText.Encode("jti");
    public static readonly JsonEncodedText ClientId = JsonEncodedText.Encode("client_id");
    public static readonly JsonEncodedText Scope = JsonEncodedText.Encode("scope");
    public static readonly JsonEncodedText RealmId = JsonEncodedText.Encode("realm_id");
    public static readonly JsonEncodedText OrganizationId = JsonEncodedText.Encode("organization_id");
    public static readonly JsonEncodedText Acr = JsonEncodedText.Encode("acr");
    public static readonly JsonEncodedText Amr = JsonEncodedText.Encode("amr");
    public static readonly JsonEncodedText AuthenticatedAt = JsonEncodedText.Encode("auth_time");
    public static readonly JsonEncodedText GrantId = JsonEncodedText.Encode("grant_id");

    /// <summary>RFC 9396 section 9.</summary>
    public static readonly JsonEncodedText AuthorizationDetails = JsonEncodedText.Encode("authorization_details");

    /// <summary>RFC 7800 section 3.1.</summary>
    public static readonly JsonEncodedText Confirmation = JsonEncodedText.Encode("cnf");

    /// <summary>RFC 8693 section 4.1.</summary>
    public static readonly JsonEncodedText Actor = JsonEncodedText.Encode("act");

    /// <summary>Ours: whose word a token comes of.</summary>
    public static readonly JsonEncodedText Assertion = JsonEncodedText.Encode("assertion");

    /// <summary>RFC 8693 section 4.4.</summary>
    public static readonly JsonEncodedText MayAct = JsonEncodedText.Encode("may_act");

    /// <summary>Ours: the delegation that a token comes from.</summary>
    public static readonly JsonEncodedText DelegationId = JsonEncodedText.Encode("delegation_id");

    /// <summary>Ours: the <c>jti</c> of the tokens that a token was exchanged from.</summary>
    public static readonly JsonEncodedText ParentIds = JsonEncodedText.Encode("parent_jtis");
}
