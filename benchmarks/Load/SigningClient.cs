using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.RealmAdmin.V1;

namespace Benchmarks.Load;

/// <summary>A client of the demo realm, made for the load, that authenticates with what it signs.</summary>
internal sealed class SigningClient(Settings settings)
{
    public const string Id = "load-signer";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Makes it; its key.</summary>
    public async Task<ECDsa> MakeAsync()
    {
        var key = SignedJwts.NewKey();
        using var channel = GrpcChannel.ForAddress(settings.SuiteAdmin);
        var headers = new Metadata { { "authorization", $"Bearer {(await File.ReadAllTextAsync(settings.OperatorKeyFile)).Trim()}" } };
        var request = new CreateClientRequest
        {
            RealmId = DemoRealm.Id,
            Client = new()
            {
                ClientId = Id,
                ClientType = ClientType.Service,
                GrantTypes = { "client_credentials" },
                Scopes = { "invoices.read", "invoices.create" },
                Jwks = $$"""{"keys":[{{SignedJwts.JwkOf(key)}}]}""",
            },
        };
        await new ClientService.ClientServiceClient(channel).CreateClientAsync(
            request, headers, TimeProvider.System.GetUtcNow().UtcDateTime + Patience);

        // The token service hears of it within the freshness bound of the feed.
        await Task.Delay(TimeSpan.FromSeconds(2));
        return key;
    }
}
