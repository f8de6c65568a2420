using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.SenderConstraints;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Answers a request for access with the checks that it stands for: <see cref="CheckPermission"/> decides each.</summary>
public sealed class EvaluateAccess(CheckPermission check, ActiveTokens tokens)
{
    /// <summary>The first denial, or that everything is allowed.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="request">The request.</param>
    /// <param name="call">The presentations of the call that it came in.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="Common.Errors.IamException">The outages; never a denial.</exception>
    internal async ValueTask<Decision> ExecuteAsync(RealmSnapshot realm, AccessRequest request, PresentationsOfCall call, CancellationToken cancellationToken)
    {
        var subject = request.Subject;
        if (subject.Principal is not { } principal)
        {
            return new(DecisionReason.UnknownPrincipal, null);
        }

        // A token says itself who wants to act; one of somebody else's decides nothing about this one.
        if (subject.AccessToken is { } accessToken
            && await tokens.FindAsync(realm, accessToken, cancellationToken) is { } token && token.Subject != principal)
        {
            return new(DecisionReason.TokenInactive, null);
        }

        foreach (var permission in RequiredPermissions.Of(realm, request.Action, request.Resource))
        {
            var question = new PermissionQuestion
            {
                Subject = subject.AccessToken is null ? new CheckSubject(null, principal) : new CheckSubject(subject.AccessToken, null),
                Permission = permission,
                Resource = new(request.Resource.Type, request.Resource.Id),
                Context = request.Context,
                Presentation = subject.Presentation,
            };
            var decision = await check.DecideAsync(realm, question, call, cancellationToken);
            if (!decision.Allowed)
            {
                return decision;
            }
        }

        return new(DecisionReason.Allowed, null);
    }
}
