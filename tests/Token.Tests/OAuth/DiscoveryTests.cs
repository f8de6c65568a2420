using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Keys;
using Token.Tests.Hosting;
using Token.Tests.Tokens;

namespace Token.Tests.OAuth;

/// <summary>The two documents that resource servers and clients find everything through, byte for byte.</summary>
public sealed class DiscoveryTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    [Theory]
    [InlineData("/realms/demo/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/oauth-authorization-server/realms/demo")]
    public async Task Metadata_states_exactly_what_is_supported(string path)
    {
        using var response = await fixture.Service.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public, max-age=300", response.Headers.CacheControl!.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """{"issuer":"https://iam.example/realms/demo","authorization_endpoint":"https://iam.example/realms/demo/oauth2/authorize","token_endpoint":"https://iam.example/realms/demo/oauth2/token","introspection_endpoint":"https://iam.example/realms/demo/oauth2/introspect","revocation_endpoint":"https://iam.example/realms/demo/oauth2/revoke","jwks_uri":"https://iam.example/realms/demo/oauth2/jwks","device_authorization_endpoint":"https://iam.example/realms/demo/oauth2/device_authorization","pushed_authorization_request_endpoint":"https://iam.example/realms/demo/oauth2/par","grant_types_supported":["authorization_code","client_credentials","refresh_token","urn:ietf:params:oauth:grant-type:device_code"],"response_types_supported":["code"],"response_modes_supported":["query","form_post"],"code_challenge_methods_supported":["S256"],"prompt_values_supported":["none","login","consent","select_account"],"authorization_response_iss_parameter_supported":true,"require_pushed_authorization_requests":false,"request_parameter_supported":true,"request_uri_parameter_supported":false,"require_signed_request_object":false,"request_object_signing_alg_values_supported":["ES256","ES384","PS256","RS256"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","private_key_jwt","none"],"token_endpoint_auth_signing_alg_values_supported":["ES256","ES384","PS256"],"introspection_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","private_key_jwt","Bearer"],"introspection_endpoint_auth_signing_alg_values_supported":["ES256","ES384","PS256"],"introspection_signing_alg_values_supported":["ES256"],"access_token_signing_alg_values_supported":["ES256","ES384","PS256","RS256"],"revocation_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","private_key_jwt","none"],"revocation_endpoint_auth_signing_alg_values_supported":["ES256","ES384","PS256"],"dpop_signing_alg_values_supported":["ES256","ES384","PS256"]}""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_key_set_has_the_public_halves_and_nothing_else()
    {
        fixture.Realms.Set("golden", TestRealm.Resources("golden"));
        await StoreFixedKeyAsync("golden");

        using var response = await fixture.Service.Http.GetAsync("/realms/golden/oauth2/jwks");

        Assert.Equal("public, max-age=300", response.Headers.CacheControl!.ToString());
        Assert.Equal(
            $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{FixedKey.X}}","y":"{{FixedKey.Y}}","use":"sig","alg":"ES256","kid":"{{FixedKey.KeyId}}"}]}""",
            await response.Content.ReadAsStringAsync());
    }

    private async Task StoreFixedKeyAsync(string realmId)
    {
        using var key = ECDsa.Create(FixedKey.Parameters);
        var services = fixture.Service.Services;
        var encryption = services.GetRequiredService<KeyEncryption>();
        await using var session = await services.GetRequiredService<IDatabase>().BeginWriteAsync(CancellationToken.None);
        await services.GetRequiredService<SigningKeyStore>().SaveAsync(
            session,
            new SigningKeyRow
            {
                RealmId = realmId,
                KeyId = FixedKey.KeyId,
                Algorithm = SignatureAlgorithms.Es256,
                EncryptedPrivateKey = encryption.Encrypt(realmId, FixedKey.KeyId, key.ExportPkcs8PrivateKey()),
                EncryptionKeyId = encryption.CurrentId,
                CreatedAt = fixture.Clock.GetUtcNow(),
                // Not for so long that its successor would be made meanwhile.
                SignsFrom = fixture.Clock.GetUtcNow().AddDays(1),
                LongestLifetime = TimeSpan.FromMinutes(5),
            },
            CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }
}
