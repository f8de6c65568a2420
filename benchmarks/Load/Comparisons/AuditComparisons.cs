using System.Globalization;

namespace Benchmarks.Load.Comparisons;

/// <summary>What it costs to write down what happens to tokens: the same request in realms that do and in one that does not.</summary>
internal sealed class AuditComparisons(Scene scene)
{
    private const string Silent = "no trail";
    private const string Usual = "token events are written";
    private const string Durable = "durable audit: answers after the commit";

    // Who waits for a commit works at nothing meanwhile: to keep the processors busy takes more of them.
    private static readonly int[] Crowds = [WrkTool.UsualConnections, 64, 128];

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
            [.. Crowds.SelectMany(connections => Realms.Select(realm => TargetOf(realm, connections)))],
            [.. Crowds.Select(AimFor)]);
    }

    private static Aim AimFor(int connections) =>
        new($"durable audit, requests{Over(connections)}: audit off", AimOf.Requests, Durable + Over(connections), Silent + Over(connections), 0.6);

    private static string Over(int connections) =>
        connections == WrkTool.UsualConnections ? "" : string.Create(CultureInfo.InvariantCulture, $", {connections} connections");

    private Target TargetOf((string RealmId, string Name, string Settings) realm, int connections) => scene.Form(realm.Name + Over(connections), new FormTarget(
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
