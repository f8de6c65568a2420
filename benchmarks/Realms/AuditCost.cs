using System.Diagnostics;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Realms;

/// <summary>What it costs to write down what happens to tokens: the load generator compares a realm that does not with realms that do.</summary>
internal static class AuditCost
{
    private static readonly (string RealmId, string Settings)[] Realms =
    [
        ("silent", "no_token_events: true"),
        ("usual", "durable_audit: false"),
        ("durable", "durable_audit: true"),
    ];

    public static async Task RunAsync(Cluster cluster, Settings settings)
    {
        foreach (var (realmId, audit) in Realms)
        {
            var document = Document(realmId, audit);
            await new RealmService.RealmServiceClient(cluster.RealmAdminCalls).ImportRealmAsync(new() { RealmId = realmId, Document = document });
            await new PermissionService.PermissionServiceClient(cluster.TokenCalls).ListPermissionsAsync(new() { RealmId = realmId, ClientId = "demo-service", MinRevision = 1 });
        }

        string[] arguments =
        [
            "--suite-http", cluster.TokenHttp, "--suite-grpc", cluster.TokenGrpc, "--suite-pid", $"{cluster.Token.Id}",
            "--floor-http", cluster.TokenHttp, "--floor-grpc", cluster.TokenGrpc, "--floor-pid", $"{cluster.Token.Id}",
            "--only", "audit,durable-audit", "--rounds", settings.Rounds, "--warm-up", settings.WarmUp, "--seconds", settings.Seconds,
        ];
        using var load = Process.Start(settings.LoadProgram, arguments);
        await load.WaitForExitAsync();
        if (load.ExitCode != 0)
        {
            throw new InvalidOperationException("There were errors under load.");
        }
    }

    private static string Document(string realmId, string audit) => $$"""
        realm_id: {{realmId}}
        audit_settings: { {{audit}} }
        organizations: [{organization_id: acme}]
        resource_servers:
          - audience: https://api.demo.example
            permissions: [{permission: invoices.read}, {permission: invoices.create}]
        clients:
          - client_id: demo-service
            client_type: service
            grant_types: [client_credentials]
            scopes: [invoices.read, invoices.create]
            secrets: [{secret_id: demo, secret: demo-service-secret-0123456789abcdef}]
        """;
}
