using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Which realms let clients go that nobody uses.</summary>
public sealed class UnusedClientStore
{
    private const string ListSql = """
        select realm_id, client_registration from realm
        where client_registration is not null and not deleted and realm_id > @afterId
        order by realm_id limit @limit
        """;

    /// <summary>Realms that register clients, in the order of their ids.</summary>
    public Task<IReadOnlyList<RegisteringRealm>> ListAsync(DatabaseSession session, string afterId, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<RegisteringRealm>(ListSql, new { afterId, limit }, cancellationToken);
}

/// <summary>A realm that registers clients.</summary>
public sealed record RegisteringRealm
{
    public required string RealmId { get; init; }

    public required ClientRegistrationSettings ClientRegistration { get; init; }
}
