namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Decides whether an access token covers a permission of this suite: in the token service itself, elsewhere by asking it.</summary>
public interface IAccessTokenAuthorizer
{
    /// <summary>The caller that the token stands for, where it is an active token of the realm and its principal has the permission there.</summary>
    /// <exception cref="Errors.IamException">UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    ValueTask<Caller> AuthorizeAsync(string accessToken, string realmId, string permission, CancellationToken cancellationToken);

    /// <summary>The caller that an active token of the realm stands for, with what limits it; what its principal may do is for others to find out.</summary>
    /// <exception cref="Errors.IamException">UNAUTHENTICATED, or an outage.</exception>
    ValueTask<Caller> IdentifyAsync(string accessToken, string realmId, CancellationToken cancellationToken);
}
