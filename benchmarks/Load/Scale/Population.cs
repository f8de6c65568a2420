using System.Text;
using Benchmarks.Stage;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Load.Scale;

/// <summary>Fills realm-admin with realms, users and bindings, through its API.</summary>
internal sealed class Population(Cluster cluster, Size size)
{
    public const string ClientId = "c";
    public const string WebId = "w";
    public const string Secret = "scale-secret-0123456789abcdef0123456789";
    public const string Permission = "a.read";
    private const int Organizations = 10;
    private const int Roles = 10;
    private const int PerCall = 1_000;
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 8 };

    private readonly RealmService.RealmServiceClient _realms = new(cluster.RealmAdminCalls);

    public async Task MakeAsync()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, size.Realms), AtOnce, async (i, cancellationToken) =>
            await _realms.ImportRealmAsync(new() { RealmId = Size.RealmId(i), Document = Document(Size.RealmId(i)) }, cancellationToken: cancellationToken));
        await Parallel.ForEachAsync(Enumerable.Range(0, size.InUse), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) => await FillAsync(Size.RealmId(i)));
    }

    /// <summary>Lets the token service load realms and everything in them.</summary>
    public async Task OpenAsync(int realms)
    {
        var permissions = new PermissionService.PermissionServiceClient(cluster.TokenCalls);
        await Parallel.ForEachAsync(Enumerable.Range(0, realms), AtOnce, async (i, cancellationToken) =>
            await permissions.ListPermissionsAsync(new() { RealmId = Size.RealmId(i), ClientId = ClientId }, cancellationToken: cancellationToken));
    }

    /// <summary>A user, and an organization in which the user may <see cref="Permission"/>.</summary>
    public (string UserId, string OrganizationId) Allowed(Random random)
    {
        var binding = random.Next(size.BindingsOfEach);
        return (User(binding), Organization(binding));
    }

    private async Task FillAsync(string realmId)
    {
        await WriteAsync(realmId, size.UsersOfEach, i => new WriteOperation
        {
            CreateUser = new()
            {
                RealmId = realmId,
                User = new() { UserId = $"u{i}", OrganizationIds = { $"o{i % Organizations}" } },
            },
        });
        await WriteAsync(realmId, size.BindingsOfEach, i => new WriteOperation
        {
            CreateRoleBinding = new()
            {
                RealmId = realmId,
                RoleBinding = new() { RoleBindingId = $"b{i}", UserId = User(i), RoleId = $"r{i % Roles}", OrganizationId = Organization(i) },
            },
        });
    }

    private async Task WriteAsync(string realmId, int count, Func<int, WriteOperation> operation)
    {
        for (var first = 0; first < count; first += PerCall)
        {
            var request = new BatchWriteRequest { RealmId = realmId };
            request.Operations.Add(Enumerable.Range(first, Math.Min(PerCall, count - first)).Select(operation));
            await _realms.BatchWriteAsync(request);
        }
    }

    private string User(int binding) => $"u{binding % size.UsersOfEach}";

    private string Organization(int binding) => $"o{binding / size.UsersOfEach % Organizations}";

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
