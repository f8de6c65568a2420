using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Consent;

/// <summary>Who may see and change a user's decisions: whoever has the permission in the realm, and the user.</summary>
public sealed class ConsentCallers(CallerGate gate, PeerChannels peers)
{
    /// <summary>For methods that are not about one user's own.</summary>
    public CallerGate Gate => gate;

    private readonly TokenService.TokenServiceClient _tokens = new(peers.Invoker(ServiceNames.Token));

    /// <param name="context">The call.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="userId">Whose decisions; empty: not those of one user.</param>
    /// <param name="permission">What others than the user must have.</param>
    /// <exception cref="IamException">UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    public async Task<ConsentActor> RequireAsync(ServerCallContext context, string realmId, string userId, string permission)
    {
        try
        {
            var caller = await gate.RequireAsync(context, realmId, permission);
            return new ConsentActor(ConsentMethods.Administrator, caller.Id);
        }
        catch (IamException refusal) when (refusal.Reason == ErrorReason.PermissionDenied && realmId.Length > 0 && userId.Length > 0)
        {
            var (token, proof) = gate.PresentedIn(context);
            if (await IsOwnAsync(realmId, userId, token.Text, proof, context.CancellationToken))
            {
                return ConsentActor.User(ConsentMethods.SelfService);
            }

            throw;
        }
    }

    /// <summary>The user whom a token speaks for; null: it is active and speaks for none.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED: it is not active. SERVICE_UNAVAILABLE.</exception>
    public async Task<string?> FindOwnerAsync(string realmId, string token, string scope, CancellationToken cancellationToken)
    {
        var answer = await IntrospectAsync(realmId, token, cancellationToken);
        if (!answer.Active || answer.Confirmation is not null)
        {
            throw new IamException(ErrorReason.Unauthenticated, "The access token is not an active one of this realm.");
        }

        return IsForOwn(answer, scope, isProven: false) ? answer.UserId : null;
    }

    private async Task<bool> IsOwnAsync(string realmId, string userId, string token, CallerProof? proof, CancellationToken cancellationToken)
    {
        var answer = await IntrospectAsync(realmId, token, cancellationToken);
        return answer.Active && IsForOwn(answer, IamPermissions.ConsentsSelf, proof is { IsProven: true }) && answer.UserId == userId;
    }

    private async Task<IntrospectTokenResponse> IntrospectAsync(string realmId, string token, CancellationToken cancellationToken)
    {
        try
        {
            return await _tokens.IntrospectTokenAsync(
                new IntrospectTokenRequest { RealmId = realmId, Token = token }, cancellationToken: cancellationToken);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "The token service does not answer.", exception)
            {
                Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.Token },
            };
        }
    }

    /// <summary>
    /// Whether a token speaks for a user, about all of the realm, with the scope for it. A client's own token never does, also where the
    /// client is called like the user; nor one that is bound to a key (RFC 9449 section 7.1) and came without, or came with a proof and is bound to none.
    /// </summary>
    private static bool IsForOwn(IntrospectTokenResponse answer, string scope, bool isProven) =>
        (answer.Confirmation is not null) == isProven
        && answer.SubjectType == SubjectType.User
        && answer.UserId.Length > 0
        && answer.OrganizationId.Length == 0
        && answer.Scopes.Contains(scope)
        // Who acts for a user lets nobody else act for that user.
        && (scope != IamPermissions.DelegationsSelf || answer.Actors.Count == 0)
        && answer.Audiences.Contains(IamPermissions.Audience);
}
