namespace Pltfrms.Iam.Token.UserGrants;

/// <summary>Where a grant is stored. Whoever knows when it ends finds it in one partition of many.</summary>
/// <param name="RealmId">The realm.</param>
/// <param name="GrantId">Its id.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
public sealed record GrantKey(string RealmId, string GrantId, DateTimeOffset ExpiresAt);
