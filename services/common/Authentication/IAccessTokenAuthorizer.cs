namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Decides whether an access token covers a permission of this suite: in the token service itself, elsewhere by asking it.</summary>
public interface IAccessTokenAuthorizer
{
    /// <summary>The caller that the token stands for, where it is an active token of the realm and its principal has the permission there.</summary>
    /// <exception cref="Errors.IamException">UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    ValueTask<Caller> AuthorizeAsync(string accessToken, string realmId, string permission, CancellationToken cancellationToken);
}
