using System.Collections.Frozen;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>The grants that the token endpoint knows.</summary>
public sealed class GrantTable(IEnumerable<IGrant> grants)
{
    private readonly FrozenDictionary<string, IGrant> _grants = grants.ToFrozenDictionary(grant => grant.GrantType, StringComparer.Ordinal);

    /// <summary>As metadata lists them (RFC 8414 section 2).</summary>
    public IEnumerable<string> GrantTypes => _grants.Keys.Order(StringComparer.Ordinal);

    public IGrant? Find(string grantType) => _grants.GetValueOrDefault(grantType);
}
