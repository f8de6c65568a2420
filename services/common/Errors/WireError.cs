using Grpc.Core;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Errors;

/// <summary>What one reason means on each wire. Read by the gRPC interceptor and the OAuth facade, by nothing else.</summary>
/// <param name="GrpcCode">The canonical gRPC status code.</param>
/// <param name="OAuthError">The <c>error</c> of RFC 6749 section 5.2 and its registry.</param>
/// <param name="HttpStatus">The HTTP status.</param>
public readonly record struct WireError(StatusCode GrpcCode, string OAuthError, int HttpStatus)
{
    public static WireError For(ErrorReason reason) => reason switch
    {
        ErrorReason.Unauthenticated => new(StatusCode.Unauthenticated, "invalid_token", 401),
        ErrorReason.PermissionDenied => new(StatusCode.PermissionDenied, "insufficient_scope", 403),
        ErrorReason.InvalidArgument => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.RealmNotFound => new(StatusCode.NotFound, "invalid_request", 404),
        ErrorReason.ResourceNotFound => new(StatusCode.NotFound, "invalid_request", 404),
        ErrorReason.InvalidPageToken => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.InvalidRealmDocument => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.NotOffered => new(StatusCode.Unimplemented, "invalid_request", 404),
        ErrorReason.AlreadyExists => new(StatusCode.AlreadyExists, "invalid_request", 409),
        ErrorReason.EtagMismatch => new(StatusCode.Aborted, "invalid_request", 409),
        ErrorReason.ResourceInUse => new(StatusCode.FailedPrecondition, "invalid_request", 409),
        ErrorReason.DanglingReference => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.Cycle => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.RequestIdReused => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.RealmNotDisabled => new(StatusCode.FailedPrecondition, "invalid_request", 409),
        ErrorReason.RealmBeingErased => new(StatusCode.FailedPrecondition, "invalid_request", 409),
        ErrorReason.CrossRealmReference => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.InvalidName => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.TextTooLong => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.GrantExceedsOwn => new(StatusCode.PermissionDenied, "insufficient_scope", 403),
        ErrorReason.InvalidRequest => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.InvalidClient => new(StatusCode.Unauthenticated, "invalid_client", 401),
        ErrorReason.InvalidGrant => new(StatusCode.InvalidArgument, "invalid_grant", 400),
        ErrorReason.UnauthorizedClient => new(StatusCode.PermissionDenied, "unauthorized_client", 400),
        ErrorReason.UnsupportedGrantType => new(StatusCode.InvalidArgument, "unsupported_grant_type", 400),
        ErrorReason.InvalidScope => new(StatusCode.InvalidArgument, "invalid_scope", 400),
        ErrorReason.InvalidTarget => new(StatusCode.InvalidArgument, "invalid_target", 400),
        ErrorReason.UnknownOrganization => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.HostNameTaken => new(StatusCode.AlreadyExists, "invalid_request", 409),
        ErrorReason.UnsupportedResponseType => new(StatusCode.InvalidArgument, "unsupported_response_type", 400),
        ErrorReason.InteractionRequired => new(StatusCode.FailedPrecondition, "interaction_required", 400),
        ErrorReason.MethodNotAllowed => new(StatusCode.Unimplemented, "invalid_request", 405),
        ErrorReason.UnsupportedMediaType => new(StatusCode.InvalidArgument, "invalid_request", 415),
        ErrorReason.RequestTooLarge => new(StatusCode.ResourceExhausted, "invalid_request", 413),
        ErrorReason.AccessDenied => new(StatusCode.PermissionDenied, "access_denied", 400),
        ErrorReason.ConsentRequired => new(StatusCode.FailedPrecondition, "consent_required", 400),
        ErrorReason.ChallengeNotFound => new(StatusCode.NotFound, "invalid_request", 404),
        ErrorReason.ChallengeAnswered => new(StatusCode.FailedPrecondition, "invalid_request", 409),
        ErrorReason.ChallengeNotAnswered => new(StatusCode.FailedPrecondition, "invalid_request", 409),
        ErrorReason.LoginRequired => new(StatusCode.FailedPrecondition, "login_required", 400),
        ErrorReason.UnmetAuthenticationRequirements => new(StatusCode.FailedPrecondition, "unmet_authentication_requirements", 400),
        ErrorReason.AuthorizationPending => new(StatusCode.FailedPrecondition, "authorization_pending", 400),
        ErrorReason.SlowDown => new(StatusCode.FailedPrecondition, "slow_down", 400),
        ErrorReason.ExpiredToken => new(StatusCode.InvalidArgument, "expired_token", 400),
        ErrorReason.ExchangeRefused => new(StatusCode.FailedPrecondition, "invalid_request", 400),
        ErrorReason.InvalidDpopProof => new(StatusCode.InvalidArgument, "invalid_dpop_proof", 400),
        ErrorReason.UseDpopNonce => new(StatusCode.FailedPrecondition, "use_dpop_nonce", 400),
        ErrorReason.InvalidRedirectUri => new(StatusCode.InvalidArgument, "invalid_redirect_uri", 400),
        ErrorReason.InvalidClientMetadata => new(StatusCode.InvalidArgument, "invalid_client_metadata", 400),
        ErrorReason.InvalidSoftwareStatement => new(StatusCode.InvalidArgument, "invalid_software_statement", 400),
        ErrorReason.UnapprovedSoftwareStatement => new(StatusCode.InvalidArgument, "unapproved_software_statement", 400),
        ErrorReason.SenderConstraintRequired => new(StatusCode.InvalidArgument, "invalid_request", 400),
        ErrorReason.TooManyDelegations => new(StatusCode.ResourceExhausted, "invalid_request", 409),
        ErrorReason.InvalidAuthorizationDetails => new(StatusCode.InvalidArgument, "invalid_authorization_details", 400),
        ErrorReason.InvalidRequestObject => new(StatusCode.InvalidArgument, "invalid_request_object", 400),
        ErrorReason.TooManyRequests => new(StatusCode.ResourceExhausted, "temporarily_unavailable", 429),
        ErrorReason.WatcherTooSlow => new(StatusCode.Aborted, "temporarily_unavailable", 409),
        ErrorReason.StorageUnavailable => new(StatusCode.Unavailable, "temporarily_unavailable", 503),
        ErrorReason.RealmFeedUnavailable => new(StatusCode.Unavailable, "temporarily_unavailable", 503),
        ErrorReason.RevisionNotReached => new(StatusCode.Unavailable, "temporarily_unavailable", 503),
        ErrorReason.AssertionIssuerUnavailable => new(StatusCode.Unavailable, "temporarily_unavailable", 503),
        ErrorReason.ServiceUnavailable => new(StatusCode.Unavailable, "temporarily_unavailable", 503),
        ErrorReason.Internal => new(StatusCode.Internal, "server_error", 500),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "no wire mapping"),
    };
}
