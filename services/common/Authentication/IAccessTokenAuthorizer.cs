namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Decides whether an access token covers a permission of this suite: in the token service itself, elsewhere by asking it.</summary>
public interface IAccessTokenAuthorizer
{
    /// <summary>The caller that the token stands for, where it is an active token of the realm and its principal has the permission there.</summary>
    /// <param name="accessToken">Sensitive.</param>
    /// <param name="proof">That came with it, which a token that is bound to a key needs and no other may have; null: none came.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="permission">One of the suite's.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="Errors.IamException">UNAUTHENTICATED, INVALID_DPOP_PROOF, USE_DPOP_NONCE, PERMISSION_DENIED, or an outage.</exception>
    ValueTask<Caller> AuthorizeAsync(PresentedToken accessToken, CallerProof? proof, string realmId, string permission, CancellationToken cancellationToken);

    /// <summary>The caller that an active token of the realm stands for, with what limits it; what its principal may do is for others to find out.</summary>
    /// <param name="accessToken">Sensitive.</param>
    /// <param name="proof">As above.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="Errors.IamException">UNAUTHENTICATED, INVALID_DPOP_PROOF, USE_DPOP_NONCE, or an outage.</exception>
    ValueTask<Caller> IdentifyAsync(PresentedToken accessToken, CallerProof? proof, string realmId, CancellationToken cancellationToken);
}
