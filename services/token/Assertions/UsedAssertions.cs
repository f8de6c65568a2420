using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Replay;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>Takes each assertion once, whichever replica it comes to.</summary>
public sealed class UsedAssertions(UsedJwts used)
{
    /// <param name="request">For it the assertion was presented.</param>
    /// <param name="issuer">Whose ids they are.</param>
    /// <param name="id">The <c>jti</c>.</param>
    /// <param name="expiresAt">When nobody would take it any more.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="Common.Errors.IamException">INVALID_GRANT; STORAGE_UNAVAILABLE where nobody can know.</exception>
    public async Task UseAsync(GrantRequest request, string issuer, string id, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        // No client's id begins like this, so these ids are never those of client assertions.
        var jwt = new UsedJwt { RealmId = request.Realm.RealmId, IdHash = UsedJwt.HashOf($"\n{issuer}", id), ExpiresAt = expiresAt };
        if (!await used.UseAsync(jwt, cancellationToken))
        {
            request.Parameters.Trail.IsReuse = true;
            throw AssertionRefused.Because("The assertion was used before.");
        }
    }
}
