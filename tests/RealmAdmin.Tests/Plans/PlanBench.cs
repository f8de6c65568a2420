using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Audit;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Plans;

/// <summary>A realm-admin service that asks a token service about grants, and a realm that is planned for.</summary>
internal sealed class PlanBench : IAsyncDisposable
{
    public const string Base = """
        acr_values: [pwd, mfa]
        organizations: [{organization_id: acme}, {organization_id: retail, parent_organization_id: acme}, {organization_id: other}]
        clients: [{client_id: api, client_type: web, scopes: [a.read, all]}, {client_id: job, client_type: service}, {client_id: spa, client_type: public}]
        resource_servers: [{audience: "https://api.example", client_id: api, permissions: [{permission: a.read}, {permission: a.write}]}]
        scopes: [{scope: all, permissions: [a.read, a.write]}]
        roles: [{role_id: reader, permissions: [a.read], display_name: Reader}, {role_id: writer, permissions: [a.write], included_role_ids: [reader]}]
        groups: [{group_id: staff}, {group_id: night, parent_group_ids: [staff]}]
        users:
          - {user_id: ada, organization_ids: [acme], group_ids: [night]}
          - {user_id: bob}
        role_bindings:
          - {role_binding_id: rb-job, client_id: job, role_id: reader}
          - {role_binding_id: rb-staff, group_id: staff, role_id: writer, organization_id: acme}
          - {role_binding_id: rb-bob, user_id: bob, role_id: reader, organization_id: retail, conditions: {min_acr: mfa}}

        """;

    private readonly RealmAdminServer _server;

    private PlanBench(TokenServiceStandIn tokens, RealmAdminServer server)
    {
        (Tokens, _server) = (tokens, server);
        Admin = new AdminCalls(server);
    }

    public string RealmId { get; } = Samples.NewRealmId();

    public TokenServiceStandIn Tokens { get; }

    public AdminCalls Admin { get; }

    public static async Task<PlanBench> StartAsync(TestDatabase database)
    {
        var tokens = await TokenServiceStandIn.StartAsync();
        return new PlanBench(tokens, await RealmAdminServer.StartAsync(new Dictionary<string, string?>(database.Settings) { ["Peers:Token:Address"] = tokens.Address }));
    }

    public async Task<PlanImportResponse> PlanAsync(string document) =>
        await Admin.CallAsync<PlanImportResponse>(new PlanImportRequest { RealmId = RealmId, Document = Whole(document) });

    public async Task<ImportRealmResponse> ImportAsync(string document, string planEtag = "") =>
        await Admin.CallAsync<ImportRealmResponse>(Import(document, planEtag));

    public ImportRealmRequest Import(string document, string planEtag) =>
        new() { RealmId = RealmId, Document = Whole(document), PlanEtag = planEtag };

    public string Whole(string document) => $"realm_id: {RealmId}\n{document}";

    public static IEnumerable<string> Lines(PlanImportResponse plan) => plan.AccessChanges.Select(change => string.Concat(
        change.UserId.Length > 0 ? $"user {change.UserId}" : $"client {change.ClientId}",
        $" {(change.OrganizationId.Length > 0 ? change.OrganizationId : "(realm)")} {change.Permission} ",
        $"{change.Effect.ToString().ToUpperInvariant()}{(change.Conditional ? " CONDITIONAL" : "")}: {change.Reason}"));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Tokens.DisposeAsync();
    }
}
