using Token.Tests.Authorization;

namespace Token.Tests.OAuth.Advertised;

/// <summary>Each way in which a client shows who it is, at each endpoint that asks, and no other.</summary>
public sealed class AdvertisedAuthenticationTests(FlowFixture fixture) : AdvertisedTests(fixture)
{
    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_way_to_authenticate_is_taken_and_no_other(string realmId)
    {
        var server = Server(realmId);
        foreach (var endpoint in new[] { "token", "introspection", "revocation", "pushed_authorization_request", "device_authorization" }.Select(name => $"{name}_endpoint"))
        {
            // RFC 9126 section 5 and RFC 8628 section 3.1: as at the token endpoint.
            var supported = server.List($"{(endpoint is "introspection_endpoint" or "revocation_endpoint" ? endpoint : "token_endpoint")}_auth_methods_supported");
            foreach (var method in new[] { "client_secret_basic", "client_secret_post", "private_key_jwt", "none", "Bearer", "client_secret_jwt", "tls_client_auth", "self_signed_tls_client_auth" })
            {
                var answer = await AuthenticatedRequest.SendAsync(server, endpoint, method);
                Assert.True(supported.Contains(method) ? answer.Status is 200 or 201 : answer.Status == 401, $"{endpoint} {method}: {answer.Status} {answer.Body}");
            }

            Assert.Empty(supported.Except(["client_secret_basic", "client_secret_post", "private_key_jwt", "none", "Bearer"]));
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_algorithm_of_assertions_is_verified_and_no_other(string realmId)
    {
        var server = Server(realmId);
        foreach (var endpoint in new[] { "token_endpoint", "introspection_endpoint", "revocation_endpoint" })
        {
            foreach (var algorithm in AdvertisedRealm.Keys.Keys)
            {
                var answer = await AuthenticatedRequest.SendAsync(server, endpoint, "private_key_jwt", algorithm);
                Assert.Equal(server.List($"{endpoint}_auth_signing_alg_values_supported").Contains(algorithm) ? 200 : 401, answer.Status);
            }
        }
    }
}
