using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Codes;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Answers a request with a code (RFC 6749 section 4.1.2), once.</summary>
public sealed class IssueCode(IDatabase database, AuthorizationStore authorizations, AuthorizationCodeStore codes, TimeProvider clock)
{
    /// <summary>OWASP ASVS 5.0 V10.4.3 for level 3, and FAPI 2.0.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>The code.</summary>
    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST where the request, or the pushed one behind it, was answered before.</exception>
    public async Task<string> ExecuteAsync(OpenAuthorization open, UserAccess access, CancellationToken cancellationToken)
    {
        var value = OpaqueValue.New();
        var now = clock.GetUtcNow();
        var code = new AuthorizationCode
        {
            RealmId = open.Pending.RealmId,
            CodeHash = OpaqueValue.Hash(value),
            ClientId = open.Request.ClientId,
            GrantId = TimeOrderedId.New(now),
            RedirectUri = open.Request.RedirectUri,
            CodeChallenge = open.Request.CodeChallenge,
            Access = access,
            ExpiresAt = now + Lifetime,
        };
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (!await authorizations.CompleteAsync(session, code.RealmId, open.Pending.RequestHash, now, cancellationToken))
        {
            throw Authorizations.Gone();
        }

        // RFC 9126 section 4: a request URI is spent by its first answer, not by its first display.
        if (open.Pending.PushedHash is { } pushedHash && !await authorizations.CompleteAsync(session, code.RealmId, pushedHash, now, cancellationToken))
        {
            throw Authorizations.Gone();
        }

        await codes.AddAsync(session, code, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return value;
    }
}
