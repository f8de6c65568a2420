using System.Text;
using Benchmarks.Stage;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Load.Scale;

/// <summary>
/// Fills realm-admin: realms by its API, users and bindings by statements of the database, in the rows that the API would have written. It is done before anybody
/// watches these realms, and so needs no revision; the change log has nothing of it, as where its old end was cut (ADR 0002).
/// </summary>
internal sealed class Population(Cluster cluster, Size size)
{
    public const string ClientId = "c";
    public const string WebId = "w";
    public const string Secret = "scale-secret-0123456789abcdef0123456789";
    public const string Permission = "a.read";
    private const int Organizations = 10;
    private const int Roles = 10;
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 8 };

    private const string Numbers = "with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n + 1 < @count)";

    private const string UsersSql = $"""
        {Numbers}
        insert into iam_user (realm_id, user_id, display_name, disabled)
        select @realmId, 'u' || n, '', false from numbers
        """;

    private const string MembersSql = $"""
        {Numbers}
        insert into organization_member (realm_id, organization_id, user_id)
        select @realmId, 'o' || (n % @organizations), 'u' || n from numbers
        """;

    private const string BindingsSql = $"""
        {Numbers}
        insert into role_binding (realm_id, role_binding_id, member_type, member_id, role_id, organization_id, conditions, expires_at)
        select @realmId, 'b' || n, 'user', 'u' || (n % @users), 'r' || (n % @roles), 'o' || (n / @users % @organizations), null, null from numbers
        """;

    private const string CountSql = "select count(*) from role_binding where member_type = 'user'";

    private readonly RealmService.RealmServiceClient _realms = new(cluster.RealmAdminCalls);

    public async Task MakeAsync()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, size.Realms), AtOnce, async (i, cancellationToken) =>
            await _realms.ImportRealmAsync(new() { RealmId = Size.RealmId(i), Document = Document(Size.RealmId(i)) }, cancellationToken: cancellationToken));
        await using var database = Databases.Open(cluster.RealmAdminDatabase);
        await Parallel.ForEachAsync(Enumerable.Range(0, size.InUse), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) => await FillAsync(database, Size.RealmId(i)));
        await Databases.TidyAsync(database);
    }

    /// <summary>Lets the token service load realms and everything in them.</summary>
    public async Task OpenAsync(int realms)
    {
        var permissions = new PermissionService.PermissionServiceClient(cluster.TokenCalls);
        await Parallel.ForEachAsync(Enumerable.Range(0, realms), AtOnce, async (i, cancellationToken) =>
            await permissions.ListPermissionsAsync(new() { RealmId = Size.RealmId(i), ClientId = ClientId }, cancellationToken: cancellationToken));
    }

    /// <summary>How many bindings of users there are.</summary>
    public async Task<long> CountAsync()
    {
        await using var database = Databases.Open(cluster.RealmAdminDatabase);
        await using var session = await database.OpenAsync(CancellationToken.None);
        return await session.QuerySingleOrDefaultAsync<long>(CountSql, null, CancellationToken.None);
    }

    /// <summary>One of a realm's bindings.</summary>
    public RoleBinding Binding(string realmId, int n) => new()
    {
        RealmId = realmId,
        RoleBindingId = $"b{n}",
        UserId = $"u{n % size.UsersOfEach}",
        RoleId = $"r{n % Roles}",
        OrganizationId = $"o{n / size.UsersOfEach % Organizations}",
    };

    private async Task FillAsync(IDatabase database, string realmId)
    {
        await using var session = await database.BeginWriteAsync(CancellationToken.None);
        var parameters = new { realmId, count = size.UsersOfEach, users = size.UsersOfEach, roles = Roles, organizations = Organizations };
        await session.ExecuteAsync(UsersSql, parameters, CancellationToken.None);
        await session.ExecuteAsync(MembersSql, parameters, CancellationToken.None);
        await session.ExecuteAsync(BindingsSql, parameters with { count = size.BindingsOfEach }, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }

    private static string Document(string realmId)
    {
        var text = new StringBuilder();
        text.AppendLine(
            $$"""
            realm_id: {{realmId}}
            access_token_lifetime: 1h
            resource_servers: [{audience: "urn:api", permissions: [{permission: {{Permission}}}]}]
            clients:
              - {client_id: {{ClientId}}, client_type: service, grant_types: [client_credentials], scopes: [{{Permission}}], secrets: [{secret_id: s, secret: {{Secret}}}]}
              - {client_id: {{WebId}}, client_type: web, grant_types: [authorization_code, refresh_token], redirect_uris: ["https://app.example/callback"], scopes: [{{Permission}}], secrets: [{secret_id: s, secret: {{Secret}}}]}
            role_bindings: [{client_id: {{ClientId}}, role_id: r0}]
            """);
        text.AppendLine("organizations:").AppendJoin('\n', Enumerable.Range(0, Organizations).Select(i => $"  - organization_id: o{i}")).AppendLine();
        text.AppendLine("roles:").AppendJoin('\n', Enumerable.Range(0, Roles).Select(i => $"  - {{role_id: r{i}, permissions: [{Permission}]}}")).AppendLine();
        return text.ToString();
    }
}
