using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Load;

/// <summary>What is compared with what. Tokens are asked for when a comparison begins, so that none expires under load.</summary>
internal sealed class Comparisons(Settings settings, DemoRealm demo, SigningClient signer)
{
    private static readonly byte[] FirstFieldIsTrue = [0x08, 0x01];
    private readonly ServerProcess _floor = new(settings.FloorPid);
    private readonly ServerProcess _suite = new(settings.SuitePid);

    /// <summary>The name that stands for every comparison with the suite.</summary>
    public const string All = "all";

    /// <summary>They ask for something else than the suite and its demo realm.</summary>
    private static readonly string[] OnlyByName = ["control-rest", "control-grpc", "audit", "durable-audit"];

    public IEnumerable<(string Name, Func<Task<Comparison>> MakeAsync)> Named(string[] names) =>
        Every().Where(entry => names.Contains(entry.Name) || (names is [All] && !OnlyByName.Contains(entry.Name)));

    /// <summary>The controls hold the floor against itself: their ratios should be 1, and are as far off as the machine is uneasy.</summary>
    private IEnumerable<(string Name, Func<Task<Comparison>> MakeAsync)> Every() =>
    [
        ("client_credentials", ClientCredentialsAsync),
        ("exchange", ExchangeAsync),
        ("private_key_jwt", PrivateKeyJwtAsync),
        ("dpop", DpopAsync),
        ("introspect", IntrospectAsync),
        ("check", CheckAsync),
        ("introspect-rest", IntrospectRestAsync),
        ("audit", () => Task.FromResult(AuditOf("token events are written", "usual"))),
        ("durable-audit", () => Task.FromResult(AuditOf("durable audit: answers after the commit", "durable"))),
        ("control-rest", () => Task.FromResult(new Comparison("control", FloorSigning(), FloorSigning()))),
        ("control-grpc", () => Task.FromResult(new Comparison("control", FloorCall(), FloorCall()))),
    ];

    private Task<Comparison> ClientCredentialsAsync() => Task.FromResult(new Comparison(
        "client_credentials over REST",
        FloorSigning(),
        Target.Of("client_credentials", _suite, new FormTarget(
            demo.Endpoint("token"), DemoRealm.ServiceForm, Basic(DemoRealm.ServiceId, DemoRealm.ServiceSecret), "\"access_token\":\""))));

    /// <summary>The same request in a realm that keeps no trail and in one that does: audit.sh makes them.</summary>
    private Comparison AuditOf(string name, string realmId) => new(name, ServiceToken("no trail", "silent"), ServiceToken(name, realmId));

    private Target ServiceToken(string name, string realmId) => Target.Of(name, _suite, new FormTarget(
        demo.Endpoint(realmId, "token"), DemoRealm.ServiceForm, Basic(DemoRealm.ServiceId, DemoRealm.ServiceSecret), "\"access_token\":\""));

    /// <summary>One signature is made; the token that is exchanged was verified before.</summary>
    private async Task<Comparison> ExchangeAsync()
    {
        var form = $"{DemoRealm.ExchangeForm}&subject_token={await demo.ServiceTokenAsync()}";
        return new(
            "token exchange over REST",
            FloorForm("form POST, one ES256 signature", "sign", form, "\"access_token\":\""),
            Target.Of("exchange", _suite, new FormTarget(
                demo.Endpoint("token"), form, Basic(DemoRealm.ServiceId, DemoRealm.ServiceSecret), "\"access_token\":\"")));
    }

    /// <summary>The assertion is verified and the token signed; that the assertion counts once takes a row in the database.</summary>
    private async Task<Comparison> PrivateKeyJwtAsync()
    {
        var (key, endpoint, issuer) = (await signer.MakeAsync(), demo.Endpoint("token"), demo.Issuer);
        string Form(ECDsa own) => $"{DemoRealm.AssertionForm}&client_assertion={SignedJwts.Assertion(own, SigningClient.Id, issuer)}";
        return new(
            "client_credentials with private_key_jwt over REST",
            FloorVerifying(Form(key), headers: ""),
            Target.Of("private_key_jwt", _suite, new FormTarget(
                endpoint, new SignedRequests(key, own => FormTarget.Bytes(endpoint, Form(own), headers: "")), "\"access_token\":\"")));
    }

    /// <summary>The proof is verified and the token signed, the client has a secret; that the proof counts once takes a row in the database.</summary>
    private Task<Comparison> DpopAsync()
    {
        var (key, endpoint) = (SignedJwts.NewKey(), demo.Endpoint("token"));
        var (jwk, basic) = (SignedJwts.JwkOf(key), FormTarget.Header("Authorization", Basic(DemoRealm.ServiceId, DemoRealm.ServiceSecret)));
        string Headers(ECDsa own) => basic + FormTarget.Header("DPoP", SignedJwts.Proof(own, jwk, endpoint));
        return Task.FromResult(new Comparison(
            "client_credentials with DPoP over REST",
            FloorVerifying(DemoRealm.ServiceForm, Headers(key)),
            Target.Of("dpop", _suite, new FormTarget(
                endpoint, new SignedRequests(key, own => FormTarget.Bytes(endpoint, DemoRealm.ServiceForm, Headers(own))), "\"token_type\":\"DPoP\""))));
    }

    private async Task<Comparison> IntrospectAsync()
    {
        var token = await demo.ServiceTokenAsync();
        var request = new IntrospectTokenRequest { RealmId = DemoRealm.Id, Token = token };
        return new("IntrospectToken over gRPC", FloorCall(), await SuiteCallAsync("TokenService/IntrospectToken", request));
    }

    private async Task<Comparison> CheckAsync()
    {
        var request = new CheckPermissionRequest
        {
            RealmId = DemoRealm.Id,
            AccessToken = await demo.ServiceTokenAsync(),
            Permission = "invoices.create",
            OrganizationId = DemoRealm.Organization,
        };
        return new("CheckPermission over gRPC", FloorCall(), await SuiteCallAsync("PermissionService/CheckPermission", request));
    }

    private async Task<Comparison> IntrospectRestAsync()
    {
        var form = $"token={await demo.ServiceTokenAsync()}";
        return new(
            "introspection over REST",
            FloorForm("form POST, fixed answer", "plain", form, "\"access_token\":\""),
            Target.Of("introspect", _suite, new FormTarget(
                demo.Endpoint("introspect"), form, Basic(DemoRealm.ApiId, DemoRealm.ApiSecret), "\"active\":true")));
    }

    private Target FloorSigning() =>
        FloorForm("form POST, one ES256 signature", "sign", DemoRealm.ServiceForm, "\"access_token\":\"");

    /// <summary>Reads the same bytes each time, and does what both signatures cost.</summary>
    private Target FloorVerifying(string form, string headers) =>
        Target.Of("form POST, one ES256 verification and one signature", _floor, FormTarget.Fixed(new(settings.FloorHttp, "verify"), form, headers, "\"access_token\":\""));

    private Target FloorForm(string name, string path, string form, string expected) =>
        Target.Of(name, _floor, new FormTarget(new(settings.FloorHttp, path), form, authorization: null, expected));

    private Target FloorCall() => Target.Of("empty call", _floor, new GrpcTarget(
        settings.FloorGrpc, "/benchmarks.floor.v1.FloorService/DoNothing", new Empty(), authorization: null, expected: []));

    private async Task<Target> SuiteCallAsync(string method, Google.Protobuf.IMessage request) =>
        Target.Of(method, _suite, new GrpcTarget(
            settings.SuiteGrpc,
            $"/pltfrms.iam.token.v1.{method}",
            request,
            $"Bearer {await demo.ApiTokenAsync()}",
            FirstFieldIsTrue));

    private static string Basic(string id, string secret) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"))}";
}
