using System.Security.Cryptography;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;

namespace Benchmarks.Load;

/// <summary>Clients of the demo realm, made for the load.</summary>
internal sealed class LoadClients(CallInvoker realmAdmin)
{
    public const string SignerId = "load-signer";
    public const string CallerId = "load-caller";

    private readonly ClientService.ClientServiceClient _clients = new(realmAdmin);
    private readonly RoleBindingService.RoleBindingServiceClient _bindings = new(realmAdmin);

    /// <summary>Makes a client that authenticates with what it signs; its key.</summary>
    public async Task<ECDsa> MakeSignerAsync()
    {
        var key = SignedJwts.NewKey();
        await _clients.CreateClientAsync(new() { RealmId = DemoRealm.Id, Client = SignerWith(key) });
        await UntilHeardAsync();
        return key;
    }

    /// <summary>Makes a resource server whose access tokens are opaque, 43 characters with each of its calls; its secret.</summary>
    public async Task<string> MakeCallerAsync()
    {
        await _clients.CreateClientAsync(new() { RealmId = DemoRealm.Id, Client = Caller() });
        var secret = await _clients.CreateClientSecretAsync(new() { RealmId = DemoRealm.Id, ClientId = CallerId });
        var binding = new RoleBinding { RoleBindingId = CallerId, ClientId = CallerId, RoleId = "iam-resource-server" };
        await _bindings.CreateRoleBindingAsync(new() { RealmId = DemoRealm.Id, RoleBinding = binding });
        await UntilHeardAsync();
        return secret.Secret;
    }

    private static Client SignerWith(ECDsa key) => new()
    {
        ClientId = SignerId,
        ClientType = ClientType.Service,
        GrantTypes = { "client_credentials" },
        Scopes = { "invoices.read", "invoices.create" },
        Jwks = $$"""{"keys":[{{SignedJwts.JwkOf(key)}}]}""",
    };

    private static Client Caller() => new()
    {
        ClientId = CallerId,
        ClientType = ClientType.Service,
        GrantTypes = { "client_credentials" },
        Scopes = { "iam.tokens.introspect", "iam.permissions.check" },
        AccessTokenFormat = AccessTokenFormat.Opaque,
    };

    /// <summary>The token service hears of it within the freshness bound of the feed.</summary>
    private static Task UntilHeardAsync() => Task.Delay(TimeSpan.FromSeconds(2));
}
