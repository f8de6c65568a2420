using Google.Protobuf;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Audit;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Delegation;

/// <summary>The service, a token service that believes everybody, and a realm to attack.</summary>
internal sealed class DelegationServer : IAsyncDisposable
{
    private readonly TokenServiceStandIn _tokens;
    private readonly RealmAdminServer _server;

    private DelegationServer(TokenServiceStandIn tokens, RealmAdminServer server, string realmId)
    {
        (_tokens, _server, RealmId) = (tokens, server, realmId);
        Calls = new AdminCalls(server);
    }

    public string RealmId { get; }

    public AdminCalls Calls { get; }

    public RealmAdminServer Server => _server;

    /// <summary>What the token service has, and who asked it.</summary>
    public KnownGrants Grants => _tokens.Grants;

    public static async Task<DelegationServer> StartAsync(TestDatabase database, params (string Key, string Value)[] settings)
    {
        var tokens = await TokenServiceStandIn.StartAsync();
        var all = new Dictionary<string, string?>(database.Settings) { ["Peers:Token:Address"] = tokens.Address };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var server = await RealmAdminServer.StartAsync(all);
        return new DelegationServer(tokens, server, await new AdminCalls(server).NewRealmAsync(DelegationRealm.Document));
    }

    /// <summary>One for all tests of a class, with a new realm for each.</summary>
    public static async Task<DelegationServer> SharedAsync(TestDatabase database)
    {
        var shared = await database.SharedAsync(() => StartAsync(database));
        return new DelegationServer(shared._tokens, shared._server, await shared.Calls.NewRealmAsync(DelegationRealm.Document));
    }

    /// <summary>The request, for this realm.</summary>
    public IMessage InRealm(IMessage request)
    {
        var copy = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        if (copy is UpdateRealmRequest update)
        {
            update.Realm.RealmId = RealmId;
        }
        else
        {
            copy.Descriptor.FindFieldByName("realm_id").Accessor.SetValue(copy, RealmId);
        }

        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tokens.DisposeAsync();
    }
}
