using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Grants;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>Decides what an assertion gives: what the registration, its rules, the client's registration and the realm's pipeline have in common.</summary>
public static class DecideAssertion
{
    /// <summary>Whose word the token will come of, and how far that goes.</summary>
    /// <exception cref="IamException">INVALID_GRANT.</exception>
    public static (AssertionSource Source, AssertionCeiling Ceiling) Weigh(GrantRequest request, VerifiedAssertion assertion)
    {
        var registration = assertion.Registration;
        var ceiling = AssertionRules.CeilingOf(registration, assertion.Claims) ?? throw AssertionRefused.Because("No rule of the issuer speaks of what the assertion says.");
        if (!AssertionTerms.AllowOrganization(request.Realm, registration, request.OrganizationId))
        {
            throw AssertionRefused.Because("The issuer's assertions give tokens of certain organizations only: ask for one of them.");
        }

        var source = new AssertionSource
        {
            Name = registration.Name,
            Issuer = registration.Issuer,
            ClientId = request.Client.ClientId,
            Rules = ceiling.Rules,
            RoleIds = ceiling.RoleIds,
            AssertsRoles = registration.AssertsRoles && ceiling.RoleIds.Count > 0,
            Token = assertion.Token,
        };
        return (source, ceiling);
    }

    /// <exception cref="IamException">INVALID_GRANT, INVALID_SCOPE, INVALID_TARGET.</exception>
    public static GrantedAccess Decide(GrantRequest request, VerifiedAssertion assertion, Principal subject, DateTimeOffset now)
    {
        var (source, ceiling) = Weigh(request, assertion);
        var scopes = ScopesOf(request, source, ceiling, subject, now);
        var targeted = request.Audience is { } audience
            ? TargetedScopes.At(request.Realm, scopes, audience)
            : TargetedScopes.AtAll(request.Realm, scopes);
        return new GrantedAccess
        {
            Subject = subject,
            Scopes = targeted.Scopes,
            Audiences = targeted.Audiences,
            OrganizationId = request.OrganizationId,
            Assertion = source,
            Confirmation = request.Confirmation,
            MaxLifetime = assertion.Registration.MaxLifetime,
            ExpiresNoLaterThan = assertion.ExpiresNoLaterThan,
        };
    }

    private static List<string> ScopesOf(GrantRequest request, AssertionSource source, AssertionCeiling ceiling, Principal subject, DateTimeOffset now)
    {
        if (request.Scopes.FirstOrDefault(scope => !AssertionTerms.Cover(request.Realm, ceiling.Scopes, scope)) is { } wider)
        {
            throw new IamException(ErrorReason.InvalidScope, $"The assertion does not lead to the scope {wider}.");
        }

        var pipeline = new ScopeRequest
        {
            Client = request.Client,
            Principal = subject,
            GrantType = JwtBearerGrant.Name,
            Scopes = request.Scopes.Count > 0 ? request.Scopes : ceiling.Scopes,
            OrganizationId = request.OrganizationId,
            LoginRoleIds = source.AssertsRoles ? source.RoleIds : [],
            SourceAddress = request.SourceAddress,
            Now = now,
        };
        var offered = RequestedScopes.Filter(request.Realm, pipeline).Scopes;
        var granted = GrantedScopes.Filter(request.Realm, pipeline, offered).Scopes
            // Once more: transformations and policies of the realm may have put scopes in.
            .Where(scope => AssertionTerms.Cover(request.Realm, ceiling.Scopes, scope) && AssertedRoles.AllowScope(request.Realm, source, scope))
            .ToList();
        return granted.Count > 0 ? granted : throw new IamException(ErrorReason.InvalidScope, "None of the scopes may be granted.");
    }
}
