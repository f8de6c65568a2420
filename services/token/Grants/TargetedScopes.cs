using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>Which resource servers a token is for, and which of the scopes are good there (RFC 8707 section 2, RFC 9068 section 3).</summary>
/// <param name="Scopes">What is left of the granted scopes.</param>
/// <param name="Audiences">The resource servers.</param>
public readonly record struct TargetedScopes(IReadOnlyList<string> Scopes, IReadOnlyList<string> Audiences)
{
    /// <summary>All scopes, and every resource server that declares a permission that one of them covers.</summary>
    public static TargetedScopes AtAll(RealmSnapshot realm, IReadOnlyList<string> scopes)
    {
        var audiences = new List<string>();
        foreach (var scope in scopes)
        {
            foreach (var audience in realm.AudiencesOfScope(scope))
            {
                if (!audiences.Contains(audience))
                {
                    audiences.Add(audience);
                }
            }
        }

        return new TargetedScopes(scopes, audiences);
    }

    /// <summary>Some resource servers, and the scopes that cover a permission of one of them.</summary>
    /// <exception cref="IamException">INVALID_TARGET.</exception>
    public static TargetedScopes At(RealmSnapshot realm, IReadOnlyList<string> scopes, params IReadOnlyList<string> audiences)
    {
        foreach (var audience in audiences)
        {
            if (realm.FindResourceServer(audience) is null)
            {
                throw new IamException(ErrorReason.InvalidTarget, "The audience is unknown.");
            }
        }

        var kept = new List<string>(scopes.Count);
        foreach (var scope in scopes)
        {
            if (realm.AudiencesOfScope(scope).AsSpan().ContainsAny([.. audiences]))
            {
                kept.Add(scope);
            }
        }

        return kept.Count > 0 || scopes.Count == 0
            ? new TargetedScopes(kept, audiences)
            : throw new IamException(ErrorReason.InvalidTarget, "None of the granted scopes belongs to the audience.");
    }
}
