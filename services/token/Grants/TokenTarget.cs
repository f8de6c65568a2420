using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>Which resource servers a token is for, and what of scopes and authorization details is good there.</summary>
/// <param name="Scopes">What is left of the granted scopes.</param>
/// <param name="Audiences">The resource servers.</param>
/// <param name="Details">What is left of the granted details.</param>
public readonly record struct TokenTarget(IReadOnlyList<string> Scopes, IReadOnlyList<string> Audiences, ValueList<AuthorizationDetail> Details)
{
    /// <param name="realm">Declares scopes and types; details of a type that it has no more are gone.</param>
    /// <param name="scopes">Granted.</param>
    /// <param name="details">Granted.</param>
    /// <param name="audiences">The resource servers asked for; empty: all that anything granted belongs to.</param>
    /// <exception cref="IamException">INVALID_TARGET.</exception>
    public static TokenTarget Of(
        RealmSnapshot realm, IReadOnlyList<string> scopes, ValueList<AuthorizationDetail> details, params IReadOnlyList<string> audiences)
    {
        if (details.Count == 0)
        {
            var targeted = audiences.Count == 0 ? TargetedScopes.AtAll(realm, scopes) : TargetedScopes.At(realm, scopes, audiences);
            return new(targeted.Scopes, targeted.Audiences, []);
        }

        var kept = details.Where(detail => AudienceOf(realm, detail) is { } audience && (audiences.Count == 0 || audiences.Contains(audience))).ToValueList();
        if (audiences.Count == 0)
        {
            var all = TargetedScopes.AtAll(realm, scopes);
            return new(all.Scopes, [.. all.Audiences.Union(kept.Select(detail => AudienceOf(realm, detail)!))], kept);
        }

        var belongs = scopes.Any(scope => realm.AudiencesOfScope(scope).AsSpan().ContainsAny([.. audiences]));
        var at = TargetedScopes.At(realm, belongs || kept.Count == 0 ? scopes : [], audiences);
        return new(at.Scopes, at.Audiences, kept);
    }

    private static string? AudienceOf(RealmSnapshot realm, AuthorizationDetail detail) => DeclaredDetails.TypeOf(realm.Realm, detail.Type)?.Audience;
}
