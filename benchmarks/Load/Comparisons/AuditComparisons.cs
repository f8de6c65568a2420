namespace Benchmarks.Load.Comparisons;

/// <summary>What it costs to write down what happens to tokens: the same request in realms that do and in one that does not.</summary>
internal sealed class AuditComparisons(Scene scene)
{
    private const string Silent = "no trail";
    private const string Usual = "token events are written";
    private const string Durable = "durable audit: answers after the commit";

    private const string Many = ", 128 connections";
    private const int ManyConnections = 128;

    private static readonly (string RealmId, string Name, string Settings)[] Realms =
    [
        ("silent", Silent, "no_token_events: true"),
        ("usual", Usual, "durable_audit: false"),
        ("durable", Durable, "durable_audit: true"),
    ];

    public async Task<Comparison> AuditAsync(string name)
    {
        foreach (var realm in Realms)
        {
            await scene.ImportAsync(realm.RealmId, Document(realm.RealmId, realm.Settings));
        }

        return new(
            name,
            "client_credentials over REST, with and without a trail",
            [.. Realms.Select(realm => TargetOf(realm, "", WrkTool.UsualConnections)), .. Realms.Select(realm => TargetOf(realm, Many, ManyConnections))],
            [
                new("durable audit, requests: audit off", AimOf.Requests, Durable, Silent, 0.6),
                new($"durable audit, requests{Many}: audit off", AimOf.Requests, Durable + Many, Silent + Many, 0.6),
            ]);
    }

    private Target TargetOf((string RealmId, string Name, string Settings) realm, string how, int connections) => scene.Form(realm.Name + how, new FormTarget(
        scene.Demo.Endpoint(realm.RealmId, "token"),
        DemoRealm.ServiceForm,
        [RequestHeader.Basic(DemoRealm.ServiceId, DemoRealm.ServiceSecret)],
        "\"access_token\":\"")
    { Connections = connections });

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
