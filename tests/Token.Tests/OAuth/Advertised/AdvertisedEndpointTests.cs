using Token.Tests.Authorization;

namespace Token.Tests.OAuth.Advertised;

/// <summary>Which addresses answer, to which methods, and that no other does.</summary>
public sealed class AdvertisedEndpointTests(FlowFixture fixture) : AdvertisedTests(fixture)
{
    [Theory]
    [MemberData(nameof(Realms))]
    public void Every_member_is_one_that_a_test_of_this_folder_calls(string realmId) => Assert.Equal(
        [
            "access_token_signing_alg_values_supported", "authorization_endpoint", "authorization_response_iss_parameter_supported",
            "code_challenge_methods_supported", "device_authorization_endpoint", "dpop_signing_alg_values_supported", "grant_types_supported", "introspection_endpoint",
            "introspection_endpoint_auth_methods_supported", "introspection_endpoint_auth_signing_alg_values_supported", "introspection_signing_alg_values_supported",
            "issuer", "jwks_uri", "prompt_values_supported", "pushed_authorization_request_endpoint", "request_object_signing_alg_values_supported",
            "request_parameter_supported", "request_uri_parameter_supported", "require_pushed_authorization_requests", "require_signed_request_object",
            "response_modes_supported", "response_types_supported", "revocation_endpoint", "revocation_endpoint_auth_methods_supported",
            "revocation_endpoint_auth_signing_alg_values_supported", "token_endpoint", "token_endpoint_auth_methods_supported",
            "token_endpoint_auth_signing_alg_values_supported",
        ],
        Server(realmId).Metadata.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_endpoint_is_below_the_issuer_and_answers_its_methods_only(string realmId)
    {
        var server = Server(realmId);
        var endpoints = server.Metadata.EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri").ToList();
        Assert.Equal(7, endpoints.Count);
        foreach (var endpoint in endpoints)
        {
            var address = endpoint.Value.GetString()!;
            Assert.StartsWith(server.Issuer + "/", address);
            string[] methods = endpoint.Name switch { "jwks_uri" => ["GET", "HEAD"], "authorization_endpoint" => ["GET", "HEAD", "POST"], _ => ["POST"] };
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND" })
            {
                var status = (await server.SendAsync(new HttpRequestMessage(new HttpMethod(method), address))).Status;
                Assert.True(methods.Contains(method) ? status is not (404 or 405) and < 500 : status == 405, $"{method} {address}: {status}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task No_other_path_of_the_realm_answers(string realmId)
    {
        var server = Server(realmId);
        foreach (var path in new[]
        {
            "", "/", "/oauth2", "/oauth2/", "/oauth2/token/", "/oauth2/Token", "/OAUTH2/token", "/oauth2//token", "/oauth2/token/x", "/oauth2/token;x", "/oauth2/token.json",
            "/oauth2/userinfo", "/userinfo", "/oauth2/register", "/oauth2/logout", "/oauth2/keys", "/oauth2/tokens", "/oauth2/introspection", "/oauth2/authorize/consent",
            "/token", "/jwks", "/authorize", "/login", "/connect/token", "/.well-known/openid-configuration", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server/",
            "/.well-known/OAuth-authorization-server", "/.well-known/oauth-protected-resource", "/oauth2/token%2f", "/oauth2%2ftoken", "/%6fauth2/jwks/", "/admin", "/health", "/metrics",
        })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Options })
            {
                var status = (await server.SendAsync(new HttpRequestMessage(method, server.Issuer + path))).Status;
                Assert.True(status == 404, $"{method} {path}: {status}");
            }
        }
    }
}
