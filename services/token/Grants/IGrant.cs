using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>One grant type: decides what the token stands for and issues it, once the client is known and may use the grant.</summary>
public interface IGrant
{
    /// <summary>The value of <c>grant_type</c>, as clients are registered for it.</summary>
    string GrantType { get; }

    /// <summary>Whether the realm knows the grant: what it does not, it neither advertises nor answers.</summary>
    bool IsOfferedBy(Realm realm) => true;

    /// <exception cref="Common.Errors.IamException">The grant's own refusals.</exception>
    ValueTask<Tokens.IssuedToken> IssueAsync(GrantRequest request, CancellationToken cancellationToken);
}
