using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Registration;

/// <summary>Whatever somebody registers, it is a client or a refusal, and never a fault of ours.</summary>
public abstract class MetadataFuzzContract(TestDatabase fixture) : IAsyncLifetime
{
    private const int Registrations = 600;

    private static readonly string[] Members =
    [
        "redirect_uris", "redirect_uris", "token_endpoint_auth_method", "grant_types", "response_types", "client_name", "client_name#de", "client_name#", "client_name#\\u0000", "client_uri",
        "logo_uri", "scope", "contacts", "tos_uri", "policy_uri", "jwks", "jwks_uri", "software_id", "software_version", "software_statement", "dpop_bound_access_tokens",
        "require_pushed_authorization_requests", "require_signed_request_object", "tls_client_auth_subject_dn", "tls_client_auth_san_dns", "tls_client_auth_san_uri",
        "tls_client_auth_san_ip", "tls_client_auth_san_email", "tls_client_certificate_bound_access_tokens", "client_id", "client_secret", "unknown", "",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1e400", "\"\"", "\"x\"", "[]", "{}", "[\"\"]", "[null]", "[[]]", "{\"a\":1}", "\"\\u0000\"", "\"\\ud800\"", "\"\\ufffe\\u202e\"", "\"a\\nb\"",
        "\"none\"", "\"client_secret_basic\"", "\"private_key_jwt\"", "\"tls_client_auth\"", "\"self_signed_tls_client_auth\"", "[\"code\"]", "[\"token\"]",
        "[\"authorization_code\"]", "[\"refresh_token\"]", "[\"client_credentials\"]", "[\"urn:ietf:params:oauth:grant-type:device_code\"]",
        "[\"https://app.example.com/cb\"]", "[\"https://app.example.com/cb\",\"https://app.example.com/cb\"]", "[\"http://[::1]:1/\"]", "[\"https://\\u00e4.example/\"]", "[\"https://a.example:99999/\"]",
        "[\"https://a%00.example/\"]", "[\"urn:x\"]", "\"https://app.example.com/\"", "\"a.read\"", "\"a.read  a.write \"", "\"a.read\\ta.write\"", "\"data:image/png;base64,iVBORw0KGgo=\"", "\"data:,\"",
        "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}", "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", "\"a.b.c\"", "\"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiIifQ.AA\"",
        "\"CN=a,O=\\\\\\\\\"", "\"10.0.0.1\"", "\"a@b\"",
    ];

    private RealmAdminServer _server = null!;
    private RegistrationCalls _calls = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.StartAsync(fixture.Settings);
        _calls = new RegistrationCalls(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task No_metadata_are_a_fault_of_ours_and_what_is_registered_can_be_exported_and_read_again()
    {
        var random = new Random(7591);
        var realmId = await _calls.NewRealmAsync("mode: open, policy: {scopes: [\"*\"], grant_types: [authorization_code, refresh_token, client_credentials]}");
        var outcomes = new HashSet<StatusCode>();
        for (var i = 0; i < Registrations; i++)
        {
            var metadata = Metadata(random);
            try
            {
                await _calls.RegisterAsync(realmId, metadata);
                outcomes.Add(StatusCode.OK);
            }
            catch (RpcException refusal)
            {
                Assert.True(refusal.StatusCode is StatusCode.InvalidArgument, $"{i}: {refusal.Status} to {metadata}");
                outcomes.Add(refusal.StatusCode);
            }
        }

        Assert.Equal([StatusCode.OK, StatusCode.InvalidArgument], outcomes.Order());
        var exported = (await _calls.Admin.CallAsync<ExportRealmResponse>(new ExportRealmRequest { RealmId = realmId })).Document;
        Assert.Empty((await _server.ImportAsync(realmId, exported, dryRun: true)).Changes);
    }

    /// <summary>Half of it is something that works.</summary>
    private static string Metadata(Random random)
    {
        var members = Enumerable.Range(0, random.Next(6))
            .Select(_ => (Name: Members[random.Next(Members.Length)], Value: Values[random.Next(Values.Length)]))
            .DistinctBy(member => member.Name)
            .ToDictionary(member => member.Name, member => member.Value);
        if (random.Next(2) == 0)
        {
            members["redirect_uris"] = "[\"https://app.example.com/cb\"]";
        }

        return $"{{{string.Join(',', members.Select(member => $"\"{member.Key}\":{member.Value}"))}}}";
    }
}

public sealed class SqliteMetadataFuzzTests(SqliteRealmAdminDatabase fixture)
    : MetadataFuzzContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresMetadataFuzzTests(PostgresRealmAdminDatabase fixture)
    : MetadataFuzzContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
