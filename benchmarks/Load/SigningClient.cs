using System.Security.Cryptography;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;

namespace Benchmarks.Load;

/// <summary>A client of the demo realm, made for the load, that authenticates with what it signs.</summary>
internal sealed class SigningClient(CallInvoker realmAdmin)
{
    public const string Id = "load-signer";

    /// <summary>Makes it; its key.</summary>
    public async Task<ECDsa> MakeAsync()
    {
        var key = SignedJwts.NewKey();
        await new ClientService.ClientServiceClient(realmAdmin).CreateClientAsync(new CreateClientRequest
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
        });

        // The token service hears of it within the freshness bound of the feed.
        await Task.Delay(TimeSpan.FromSeconds(2));
        return key;
    }
}
