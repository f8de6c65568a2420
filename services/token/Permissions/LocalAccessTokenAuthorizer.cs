using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.SenderConstraints;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Permissions;

/// <summary>Whether an access token covers a permission of this suite: the same decision as <see cref="CheckPermission"/>, without asking anybody.</summary>
public sealed class LocalAccessTokenAuthorizer(RealmSnapshots realms, ActiveTokens tokens, BoundCallers bound, TimeProvider clock) : IAccessTokenAuthorizer
{
    // Nobody changes either once it is made, and the permissions asked for are this suite's own.
    private readonly ConditionalWeakTable<AccessToken, Caller> _callers = [];
    private readonly ConcurrentDictionary<string, PermissionQuestion> _questions = new(StringComparer.Ordinal);

    public async ValueTask<Caller> AuthorizeAsync(
        PresentedToken accessToken, CallerProof? proof, string realmId, string permission, CancellationToken cancellationToken)
    {
        var (realm, token, now) = await FindAsync(accessToken, proof, realmId, cancellationToken);
        var question = _questions.GetOrAdd(permission, static permission => new PermissionQuestion
        {
            Subject = default,
            Permission = permission,
            Context = new CheckContext { Audience = IamPermissions.Audience },
        });
        // The permissions of this suite are about a whole realm; a token that is tied to an organization is good in that one only.
        if (token.OrganizationId is not null || !PermissionDecision.ForToken(realm, token, question, senderFailure: null, now).Allowed)
        {
            throw Denied(permission, realmId);
        }

        return CallerOf(token);
    }

    public async ValueTask<Caller> IdentifyAsync(PresentedToken accessToken, CallerProof? proof, string realmId, CancellationToken cancellationToken)
    {
        var token = await AuthenticateAsync(accessToken, proof, realmId, cancellationToken);
        return CallerOf(token) with
        {
            Principal = token.Subject,
            Actors = [.. token.Actors],
            DelegationId = token.DelegationId,
            Scopes = [.. token.Scopes],
            OrganizationId = token.OrganizationId,
            Acr = token.Acr,
        };
    }

    /// <summary>The token, whatever it allows.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED, INVALID_DPOP_PROOF, USE_DPOP_NONCE, or an outage.</exception>
    public async ValueTask<AccessToken> AuthenticateAsync(
        PresentedToken accessToken, CallerProof? proof, string realmId, CancellationToken cancellationToken) =>
        (await FindAsync(accessToken, proof, realmId, cancellationToken)).Token;

    private async ValueTask<(RealmSnapshot Realm, AccessToken Token, DateTimeOffset Now)> FindAsync(
        PresentedToken accessToken, CallerProof? proof, string realmId, CancellationToken cancellationToken)
    {
        RealmSnapshot realm;
        try
        {
            realm = await realms.GetAsync(realmId, minRevision: 0, cancellationToken);
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.RealmNotFound)
        {
            // No token is good for a realm that does not exist; which realms do is not for strangers to learn.
            throw Unauthenticated();
        }

        // The realm may have been waited for.
        var now = clock.GetUtcNow();
        var token = await tokens.FindAsync(realm, accessToken, now, cancellationToken) ?? throw Unauthenticated();
        if (token.Confirmation is not null || proof is not null)
        {
            await bound.RequireAsync(realm, token, accessToken.Text, proof ?? throw Unauthenticated(), cancellationToken);
        }

        return (realm, token, now);
    }

    private Caller CallerOf(AccessToken token) => _callers.GetValue(token, static token => new()
    {
        Kind = CallerKind.Token,
        Id = token.Subject.Id,
        RealmId = token.RealmId,
        ClientId = token.ClientId,
        TokenId = token.TokenId,
        ActChain = [.. token.Actors.Select(actor => actor.Id)],
    });

    public static IamException Denied(string permission, string realmId) =>
        new(ErrorReason.PermissionDenied, $"The caller lacks {permission}.")
        {
            Metadata = new Dictionary<string, string> { ["permission"] = permission, ["realm_id"] = realmId },
        };

    private static IamException Unauthenticated() => new(ErrorReason.Unauthenticated, "The access token is not active in this realm, or is bound to a key and was presented without.");
}
