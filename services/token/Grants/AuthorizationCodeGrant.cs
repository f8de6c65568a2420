using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.UserGrants;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>RFC 6749 section 4.1.3 with PKCE (RFC 7636): a client redeems what a user granted.</summary>
public sealed class AuthorizationCodeGrant(
    IDatabase database, AuthorizationCodeStore codes, NewGrants grants, UserTokens tokens, RevokeGrants revoke, TimeProvider clock) : IGrant
{
    public const string Name = "authorization_code";

    public string GrantType => Name;

    public async ValueTask<IssuedToken> IssueAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        var code = await FindAsync(request, cancellationToken);
        (request.Parameters.Trail.GrantId, request.Parameters.Trail.UserId) = (code.GrantId, code.Access.UserId);
        if (code.ConsumedAt is not null)
        {
            await RevokeAsync(request, code, cancellationToken);
            throw UserTokens.Refused();
        }

        if (code.ExpiresAt <= clock.GetUtcNow()
            || code.RedirectUri != request.Parameters.RedirectUri
            || !Pkce.Verifies(code.CodeChallenge, request.Parameters.CodeVerifier))
        {
            throw UserTokens.Refused();
        }

        var issued = await tokens.IssueAsync(request, code.Access, code.GrantId, cancellationToken);
        if (await RedeemAsync(request, code, issued, cancellationToken) is { } redeemed)
        {
            return redeemed;
        }

        // RFC 6749 section 4.1.2: "SHOULD revoke (when possible) all tokens previously issued based on that authorization code".
        await RevokeAsync(request, code, cancellationToken);
        throw UserTokens.Refused();
    }

    private async Task<AuthorizationCode> FindAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        if (request.Parameters.Code is not { } value)
        {
            throw new IamException(ErrorReason.InvalidRequest, "The parameter code is missing.");
        }

        await using var session = await database.OpenAsync(cancellationToken);
        return await codes.FindAsync(session, request.Realm.RealmId, OpaqueValue.Hash(value), cancellationToken) is { } code
            && code.ClientId == request.Client.ClientId
            ? code
            : throw UserTokens.Refused();
    }

    /// <summary>Uses the code and keeps what comes from it, or neither; null where somebody else was first.</summary>
    private async Task<IssuedToken?> RedeemAsync(GrantRequest request, AuthorizationCode code, IssuedToken issued, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (!await codes.ConsumeAsync(session, code, clock.GetUtcNow(), cancellationToken))
        {
            return null;
        }

        var redeemed = await grants.AddAsync(session, request, code.Access, issued, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return redeemed;
    }

    private Task<int> RevokeAsync(GrantRequest request, AuthorizationCode code, CancellationToken cancellationToken) =>
        revoke.ExecuteAsync(request.Realm.Realm, GrantFilter.Of(code.RealmId, code.GrantId), request.Reuse(Name), cancellationToken);
}
