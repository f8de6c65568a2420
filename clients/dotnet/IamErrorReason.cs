namespace Pltfrms.Iam.Client;

/// <summary>Why a call failed: the suite's closed set of reasons, and the two that arise on this side.</summary>
public enum IamErrorReason
{
    /// <summary>A reason that this version of the library does not know; <see cref="IamClientException.ReasonName"/> has it as sent.</summary>
    Unknown = 0,

    /// <summary>This application's access token was refused, also a fresh one.</summary>
    Unauthenticated,

    /// <summary>This application lacks the permission that the call requires in its realm.</summary>
    PermissionDenied,

    /// <summary>A field of the request is missing or malformed; <see cref="IamClientException.FieldErrors"/> names each.</summary>
    InvalidArgument,

    /// <summary>No realm has the configured id, or it is disabled.</summary>
    RealmNotFound,

    /// <summary>The realm has no such resource.</summary>
    ResourceNotFound,

    /// <summary>The page token is malformed or belongs to another query.</summary>
    InvalidPageToken,

    /// <summary>The realm document has errors.</summary>
    InvalidRealmDocument,

    /// <summary>The server does not offer the method at this address.</summary>
    NotOffered,

    /// <summary>A resource of this kind and id exists.</summary>
    AlreadyExists,

    /// <summary>Another realm has the host name.</summary>
    HostNameTaken,

    /// <summary>Somebody else changed the resource meanwhile: read it again and decide again.</summary>
    EtagMismatch,

    /// <summary>Others refer to the resource; <see cref="IamClientException.FieldErrors"/> names them.</summary>
    ResourceInUse,

    /// <summary>A field names a resource that the realm does not have.</summary>
    DanglingReference,

    /// <summary>The write would close a cycle of roles, groups or organizations.</summary>
    Cycle,

    /// <summary>The request id was used before, with another request.</summary>
    RequestIdReused,

    /// <summary>Only a disabled realm can be deleted.</summary>
    RealmNotDisabled,

    /// <summary>The resource is of another realm than the request.</summary>
    CrossRealmReference,

    /// <summary>An id or name has characters that it may not have.</summary>
    InvalidName,

    /// <summary>A text is longer than it may be.</summary>
    TextTooLong,

    /// <summary>This application would give away more than it holds itself.</summary>
    GrantExceedsOwn,

    /// <summary>A realm of this id was deleted and is still being erased; try again later.</summary>
    RealmBeingErased,

    /// <summary>The OAuth request is malformed (RFC 6749 section 5.2).</summary>
    InvalidRequest,

    /// <summary>Unknown client, wrong secret or disabled client (RFC 6749 section 5.2).</summary>
    InvalidClient,

    /// <summary>The grant is invalid, expired or revoked (RFC 6749 section 5.2).</summary>
    InvalidGrant,

    /// <summary>The client may not use this grant type (RFC 6749 section 5.2).</summary>
    UnauthorizedClient,

    /// <summary>The server does not know this grant type (RFC 6749 section 5.2).</summary>
    UnsupportedGrantType,

    /// <summary>No requested scope is left, or the request breaks the realm's scope policy (RFC 6749 section 5.2).</summary>
    InvalidScope,

    /// <summary>The audience is unknown, or none of the granted scopes belongs to it (RFC 8707 section 2).</summary>
    InvalidTarget,

    /// <summary>The realm has no such organization, or it is disabled.</summary>
    UnknownOrganization,

    /// <summary>The endpoint does not support this HTTP method.</summary>
    MethodNotAllowed,

    /// <summary>The endpoint takes another content type.</summary>
    UnsupportedMediaType,

    /// <summary>The request is larger than the server reads.</summary>
    RequestTooLarge,

    /// <summary>The authorization endpoint gives codes only.</summary>
    UnsupportedResponseType,

    /// <summary>The user must be asked something and may not be.</summary>
    InteractionRequired,

    /// <summary>The user or the realm's rules refuse what was asked (RFC 6749 section 4.1.2.1).</summary>
    AccessDenied,

    /// <summary>The user must be asked for consent and may not be.</summary>
    ConsentRequired,

    /// <summary>No consent challenge of the realm has this value, or it is expired or spent.</summary>
    ChallengeNotFound,

    /// <summary>The challenge is answered already.</summary>
    ChallengeAnswered,

    /// <summary>The user has not answered the challenge yet.</summary>
    ChallengeNotAnswered,

    /// <summary>The user must log in and may not be asked to.</summary>
    LoginRequired,

    /// <summary>The login is not as strong or as fresh as asked for (RFC 9470).</summary>
    UnmetAuthenticationRequirements,

    /// <summary>The device's user has not answered yet (RFC 8628 section 3.5).</summary>
    AuthorizationPending,

    /// <summary>The device asks too often (RFC 8628 section 3.5).</summary>
    SlowDown,

    /// <summary>The device code has expired (RFC 8628 section 3.5).</summary>
    ExpiredToken,

    /// <summary>A token exchange is refused: a token is not good, or no rule of the realm allows it (RFC 8693 section 2.2.2).</summary>
    ExchangeRefused,

    /// <summary>A DPoP proof is malformed, made for another request, too old, used before or missing (RFC 9449 sections 5 and 7.1).</summary>
    InvalidDpopProof,

    /// <summary>The realm demands nonces in DPoP proofs; the error's metadata has the next as <c>dpop_nonce</c> (RFC 9449 section 8).</summary>
    UseDpopNonce,

    /// <summary>A redirect URI that is not good, or not one that clients can register (RFC 7591 section 3.2.2).</summary>
    InvalidRedirectUri,

    /// <summary>Other client metadata that are not good, or not what clients can register (RFC 7591 section 3.2.2).</summary>
    InvalidClientMetadata,

    /// <summary>A software statement that is not good, or missing where one is needed (RFC 7591 section 3.2.2).</summary>
    InvalidSoftwareStatement,

    /// <summary>A software statement of somebody whose statements are not good there (RFC 7591 section 3.2.2).</summary>
    UnapprovedSoftwareStatement,

    /// <summary>The client gets only tokens that are bound to a key, and the request shows no key that it has.</summary>
    SenderConstraintRequired,

    /// <summary>The user has given as many delegations as there can be.</summary>
    TooManyDelegations,

    /// <summary>The authorization details are malformed, not the client's to ask for, not valid for their type, or more than was granted.</summary>
    InvalidAuthorizationDetails,

    /// <summary>The request object is malformed, unsigned or expired (RFC 9101 section 6).</summary>
    InvalidRequestObject,

    /// <summary>Too many requests; the answer says when to try again.</summary>
    TooManyRequests,

    /// <summary>A stream was not read as fast as it went; it goes on with a new one.</summary>
    WatcherTooSlow,

    /// <summary>The server's database cannot be reached; nothing was decided.</summary>
    StorageUnavailable,

    /// <summary>The server's view of the realm is too old; nothing was decided.</summary>
    RealmFeedUnavailable,

    /// <summary>The revision asked for did not arrive in time; nothing was decided.</summary>
    RevisionNotReached,

    /// <summary>Another service of the suite cannot be reached; nothing was decided.</summary>
    ServiceUnavailable,

    /// <summary>The keys of an assertion's issuer cannot be fetched, and those that were are too old; the error's metadata names it as <c>assertion_issuer</c>.</summary>
    AssertionIssuerUnavailable,

    /// <summary>A fault of the server.</summary>
    Internal,

    /// <summary>On this side: the server cannot be reached, or the connection broke.</summary>
    Unreachable,

    /// <summary>On this side: no answer within <see cref="IamClientOptions.Timeout"/>.</summary>
    DeadlineExceeded,
}
