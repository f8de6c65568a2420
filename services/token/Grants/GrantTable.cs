using System.Collections.Frozen;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>The grants that the token endpoint knows.</summary>
public sealed class GrantTable(IEnumerable<IGrant> grants)
{
    private readonly FrozenDictionary<string, IGrant> _grants = grants.ToFrozenDictionary(grant => grant.GrantType, StringComparer.Ordinal);

    /// <summary>As a realm's metadata lists them (RFC 8414 section 2).</summary>
    public IEnumerable<string> OfferedBy(Realm realm) =>
        _grants.Values.Where(grant => grant.IsOfferedBy(realm)).Select(grant => grant.GrantType).Order(StringComparer.Ordinal);

    public IGrant? Find(Realm realm, string grantType) =>
        _grants.TryGetValue(grantType, out var grant) && grant.IsOfferedBy(realm) ? grant : null;
}
