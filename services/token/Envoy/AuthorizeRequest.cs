using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.AuthZen;
using Pltfrms.Iam.Token.Dpop;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.Envoy;

/// <summary>Decides about a request that Envoy holds: <see cref="CheckPermission"/> with the request's own token, in the words of RFC 6750.</summary>
public sealed class AuthorizeRequest(RealmSnapshots realms, CheckPermission check, Issuers issuers)
{
    /// <exception cref="Common.Errors.IamException">REALM_NOT_FOUND, or an outage.</exception>
    internal async ValueTask<Verdict> ExecuteAsync(RouteSettings route, ProxiedRequest request, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(route.RealmId, minRevision: 0, cancellationToken);
        var issuer = issuers.Of(realm.Realm);
        if (request.Token(route.PublicAddress) is not { } presented)
        {
            return Unauthenticated("NO_TOKEN", error: null, "An access token is needed.", issuer);
        }

        if (presented.LacksProof)
        {
            return Unauthenticated("SENDER_CONSTRAINT_FAILED", "invalid_token", "A DPoP proof is needed.", issuer);
        }

        PathNames names = default;
        if (route.Path is { } template)
        {
            if (template.Match(request.Target) is not { } matched)
            {
                return Forbidden("PATH_MISMATCH", issuer);
            }

            names = matched;
        }

        var question = QuestionOf(route, request, presented, names);
        var (decision, token) = await check.DecideAsync(realm, presented.AccessToken, question, call: null, cancellationToken);
        return decision.Allowed ? Allowed(realm, token!, question) : Denied(decision.Reason, route.Permission, issuer);
    }

    private static PermissionQuestion QuestionOf(RouteSettings route, ProxiedRequest request, PresentedToken presented, in PathNames names) => new()
    {
        Subject = new CheckSubject(presented.AccessToken, null),
        Permission = route.Permission,
        Presentation = presented.Presentation,
        Resource = route.ResourceType is { } type ? new(type, names.ResourceId!) : null,
        Context = new CheckContext
        {
            OrganizationId = route.OrganizationId ?? names.OrganizationId
                ?? (route.OrganizationHeader is { } header && request.Header(header) is { Length: > 0 } named ? named : null),
            Audience = route.Audience,
            SourceAddress = request.SourceAddress,
        },
    };

    private static Verdict Allowed(RealmSnapshot realm, AccessToken token, PermissionQuestion question)
    {
        var server = realm.FindDeclaringResourceServer(question.Permission)!;
        return new(StatusCodes.Status200OK, DecisionJson.NameOf(DecisionReason.Allowed))
        {
            Facts = RequestFacts.Of(token, PermissionDecision.OrganizationOf(token, server, question.Context)),
        };
    }

    private static Verdict Denied(DecisionReason reason, string permission, string issuer)
    {
        var name = DecisionJson.NameOf(reason);
        return reason switch
        {
            DecisionReason.TokenInactive => Unauthenticated(name, "invalid_token", "The access token is not active.", issuer),
            DecisionReason.AudienceMismatch => Unauthenticated(name, "invalid_token", "The access token is for another resource server.", issuer),
            DecisionReason.SenderConstraintFailed => Unauthenticated(name, "invalid_token", "The access token is not shown to be its presenter's.", issuer),
            DecisionReason.ScopeNotGranted or DecisionReason.ResourceNotGranted => new(StatusCodes.Status403Forbidden, name)
            {
                Error = "insufficient_scope",
                Description = "The access token lacks a scope.",
                Challenge = $"Bearer realm=\"{issuer}\", error=\"insufficient_scope\", scope=\"{permission}\"",
            },
            _ => Forbidden(name, issuer),
        };
    }

    /// <summary>Another token would not help: there is no code for it in RFC 6750.</summary>
    private static Verdict Forbidden(string reason, string issuer) => new(StatusCodes.Status403Forbidden, reason)
    {
        Error = "access_denied",
        Description = "The caller may not do this.",
        Challenge = $"Bearer realm=\"{issuer}\"",
    };

    /// <summary>RFC 6750 section 3, and RFC 9449 section 7.1 for who has keys.</summary>
    private static Verdict Unauthenticated(string reason, string? error, string description, string issuer)
    {
        var problem = error is null ? "" : $", error=\"{error}\", error_description=\"{description}\"";
        return new(StatusCodes.Status401Unauthorized, reason)
        {
            Error = error ?? "invalid_request",
            Description = description,
            Challenge = $"Bearer realm=\"{issuer}\"{problem}, DPoP realm=\"{issuer}\", algs=\"{string.Join(' ', DpopProofs.Algorithms)}\"{problem}",
        };
    }
}
