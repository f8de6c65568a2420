namespace RealmAdmin.Tests.Documents;

/// <summary>A situation, a registered issuer of assertions, and the errors that it has.</summary>
public static class AssertionIssuerErrorCases
{
    private const string Partner = "issuer: 'https://p.example', client_ids: [c], scopes: [a.read]";
    private const string Realm = "trusted_realm_id: hq, client_ids: [c], scopes: [a.read], subject_client_ids: [web]";
    private const string Rules = "rules: [{name: r, claims: [{claim: scope, values: [b.read]}]}]";

    public static TheoryData<string, string, string[]> Issuers
    {
        get
        {
            var cases = new TheoryData<string, string, string[]>();
            foreach (var (situation, issuers, errors) in All())
            {
                cases.Add(
                    situation,
                    $$"""
                    realm_id: r
                    clients: [{client_id: c, client_type: service}]
                    resource_servers: [{audience: 'https://a.example', permissions: [{permission: a.read}]}]
                    assertion_issuers: [{{issuers}}]
                    """,
                    [.. errors.Select(error => $"assertion_issuers{error}")]);
            }

            return cases;
        }
    }

    private static IEnumerable<(string Situation, string Issuers, string[] Errors)> All() =>
    [
        ("nobody", "{name: p, client_ids: [c], scopes: [a.read]}", ["[0].issuer: is required, or trusted_realm_id"]),
        ("somebody and a realm", $"{{name: p, {Realm}, issuer: 'https://p.example', {Rules}}}", ["[0].issuer: must not be set beside trusted_realm_id"]),
        ("no name", $"{{{Partner}}}", ["[0].name: is required"]),
        ("two of a name", $"{{name: p, {Partner}}}, {{name: P, {Partner.Replace("p.example", "q.example", StringComparison.Ordinal)}}}", ["[1].name: must be unique among the issuers"]),
        ("one twice", $"{{name: p, {Partner}}}, {{name: q, {Partner}}}", ["[1].issuer: must be unique among the issuers"]),
        ("a plain issuer", "{name: p, issuer: 'http://p.example', client_ids: [c], scopes: [a.read]}", ["[0].issuer: must be https, or http on a loopback address"]),
        ("no clients", "{name: p, issuer: 'https://p.example', scopes: [a.read]}", ["[0].client_ids: is required"]),
        ("an empty list of clients", "{name: p, issuer: 'https://p.example', client_ids: [], scopes: [a.read]}", ["[0].client_ids: is required"]),
        ("no scopes", "{name: p, issuer: 'https://p.example', client_ids: [c]}", ["[0].scopes: is required"]),
        ("a pattern of scopes", "{name: p, issuer: 'https://p.example', client_ids: [c], scopes: ['a.*']}",
            ["[0].scopes[0]: must have only printable ASCII characters without space, \", \\ and *"]),
        ("a client that is none", "{name: p, issuer: 'https://p.example', client_ids: [somebody], scopes: [a.read]}",
            ["[0].client_ids[0]: names a client that the document does not have: 'somebody'"]),
        ("a role that is none", $"{{name: p, {Partner}, rules: [{{name: r, claims: [{{claim: g, values: [x]}}], role_ids: [boss]}}]}}",
            ["[0].rules[0].role_ids[0]: names a role that the document does not have: 'boss'"]),
        ("an algorithm without a key pair", $"{{name: p, {Partner}, algorithms: [HS256]}}", ["[0].algorithms[0]: must be one of ES256, ES384, PS256, RS256"]),
        ("a key set that is none", $"{{name: p, {Partner}, jwks: '{{}}'}}",
            ["[0].jwks: must be a JWK set in JSON, {\"keys\": [...]}, with unique names and little nesting"]),
        ("assertions for hours", $"{{name: p, {Partner}, max_assertion_lifetime: 61m}}", ["[0].max_assertion_lifetime: must be a duration from 1s to 1h, like 5m"]),
        ("tokens for hours", $"{{name: p, {Partner}, max_lifetime: 61m}}", ["[0].max_lifetime: must be a duration from 1s to 1h, like 5m"]),
        ("users made of ids", $"{{name: p, {Partner}, subject: user_id, create_users: true}}", ["[0].create_users: is for the subject external_identity only"]),
        ("a claim for nothing", $"{{name: p, {Partner}, user_id_claim: sub}}", ["[0].user_id_claim: is for the subject user_id only"]),
        ("a rule without conditions", $"{{name: p, {Partner}, rules: [{{name: r}}]}}", ["[0].rules[0].claims: is required"]),
        ("a condition on nothing", $"{{name: p, {Partner}, rules: [{{name: r, claims: [{{claim: g}}]}}]}}", ["[0].rules[0].claims[0].values: is required"]),
        ("a realm's clients of somebody outside", $"{{name: p, {Partner}, subject_client_ids: [web]}}", ["[0].subject_client_ids: is for a realm only"]),
        ("the realm itself", $"{{name: p, {Realm.Replace("hq", "r", StringComparison.Ordinal)}, {Rules}}}", ["[0].trusted_realm_id: must be another realm"]),
        ("a realm with keys", $"{{name: p, {Realm}, {Rules}, algorithms: [ES256]}}", ["[0].algorithms: is not for a realm"]),
        ("any client of a realm", $"{{name: p, trusted_realm_id: hq, client_ids: [c], scopes: [a.read], {Rules}}}", ["[0].subject_client_ids: is required"]),
        ("a realm with all its scopes", $"{{name: p, {Realm}}}", ["[0].rules: is required: what a scope of the realm stands for"]),
        ("a realm by users only", $"{{name: p, {Realm}, rules: [{{name: r, claims: [{{claim: sub, values: [ada]}}]}}]}}",
            ["[0].rules[0].claims: must have a condition on scope: a realm is trusted scope by scope"]),
    ];
}
