using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Client;

namespace Suite.Tests;

/// <summary>The client library with a private key in place of a secret, at a running suite.</summary>
public sealed class PrivateKeyClientTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private const string Binding = "  - client_id: demo-api\n    role_id: iam-resource-server\n";

    private readonly SuiteProcess _suite = fixture.Suite;

    [Fact]
    public async Task A_client_with_a_key_gets_tokens_and_asks_and_one_with_another_key_does_not()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RegisterAsync(key);
        await using var good = Provider(key, "keyed", _suite.Issuer);
        await using var stranger = Provider(other, "keyed", _suite.Issuer);
        await using var mistaken = Provider(key, "keyed", new Uri("https://another.example/realms/demo"));

        var decision = await good.GetRequiredService<IamClient>().CheckPermissionAsync(
            new PermissionCheck { Subject = PermissionSubject.User("alice"), Permission = "invoices.read", OrganizationId = "acme" }, CancellationToken.None);

        Assert.Equal(DecisionReason.Allowed, decision.Reason);
        foreach (var wrong in new[] { stranger, mistaken })
        {
            var refused = await Assert.ThrowsAsync<IamClientException>(
                () => wrong.GetRequiredService<IamTokens>().GetAsync(new TokenRequest(), CancellationToken.None).AsTask());
            Assert.Equal(
                "INVALID_CLIENT: Iam:ClientId, Iam:PrivateKeyFile or Iam:Issuer is wrong: the token service refused the client 'keyed'", refused.Message);
        }
    }

    private async Task RegisterAsync(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwks = $$$"""{"keys": [{"kty": "EC", "crv": "P-256", "x": "{{{Base64Url.EncodeToString(point.X)}}}", "y": "{{{Base64Url.EncodeToString(point.Y)}}}"}]}""";
        var client = $"""
              - client_id: keyed
                client_type: service
                grant_types: [client_credentials]
                scopes: [iam.tokens.introspect, iam.permissions.check]
                jwks: '{jwks}'

            """;
        var revision = await Demo.ImportAsync(_suite, _suite.Operator, document =>
        {
            Assert.Contains("\nclients:\n", document, StringComparison.Ordinal);
            Assert.Contains(Binding, document, StringComparison.Ordinal);
            return document
                .Replace("\nclients:\n", $"\nclients:\n{client}", StringComparison.Ordinal)
                .Replace(Binding, Binding + Binding.Replace("demo-api", "keyed", StringComparison.Ordinal), StringComparison.Ordinal);
        });
        await Demo.CheckAsync(_suite, _suite.Operator, "nobody's", "invoices.read", "", revision);
    }

    private ServiceProvider Provider(ECDsa key, string clientId, Uri issuer) => new ServiceCollection()
        .AddPltfrmsIam(options =>
        {
            options.Address = new Uri($"http://127.0.0.1:{_suite.Ports.TokenGrpc}");
            (options.RealmId, options.ClientId, options.Issuer, options.Timeout) = ("demo", clientId, issuer, TimeSpan.FromSeconds(30));
            options.PrivateKey = key.ExportPkcs8PrivateKeyPem();
        })
        .BuildServiceProvider();
}
