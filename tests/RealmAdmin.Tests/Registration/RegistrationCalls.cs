using Google.Protobuf;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Writes;

namespace RealmAdmin.Tests.Registration;

/// <summary>What the token service asks for, against realms that register clients.</summary>
internal sealed class RegistrationCalls(RealmAdminServer server)
{
    public const string Issuer = "https://iam.example/realms/r";
    public const string Callback = "https://app.example.com/callback";

    /// <summary>What a policy needs to let <see cref="App"/> in.</summary>
    public const string Open = "mode: open, policy: {scopes: [\"a.*\"]}";

    /// <summary>An application that users log in to.</summary>
    public const string App = $$"""{"redirect_uris":["{{Callback}}"],"client_name":"App","scope":"a.read"}""";

    public AdminCalls Admin { get; } = new(server);

    public ClientRegistrationService.ClientRegistrationServiceClient Service { get; } = new(server.Channel);

    public Task<string> NewRealmAsync(string registration = Open) =>
        Admin.NewRealmAsync($"{AdminCalls.Base}\nclient_registration: {{{registration}}}");

    public async Task<RegisteredClient> RegisterAsync(string realmId, string metadata = App, string token = "") =>
        (await Service.RegisterClientAsync(Request(realmId, metadata, token), RealmAdminServer.Operator)).Registered;

    public static RegisterClientRequest Request(string realmId, string metadata = App, string token = "") =>
        new() { RealmId = realmId, Metadata = metadata, InitialAccessToken = token, Issuer = Issuer, SourceAddress = "203.0.113.7" };

    public async Task<RegisteredClient> ReadAsync(string realmId, string clientId, string token) =>
        (await Service.GetClientRegistrationAsync(
            new() { RealmId = realmId, ClientId = clientId, RegistrationAccessToken = token }, RealmAdminServer.Operator)).Registered;

    public async Task<RegisteredClient> UpdateAsync(string realmId, RegisteredClient registered, string metadata) =>
        (await Service.UpdateClientRegistrationAsync(Update(realmId, registered, metadata), RealmAdminServer.Operator)).Registered;

    public static UpdateClientRegistrationRequest Update(string realmId, RegisteredClient registered, string metadata) => new()
    {
        RealmId = realmId,
        ClientId = registered.Client.ClientId,
        RegistrationAccessToken = registered.RegistrationAccessToken,
        Metadata = metadata.Replace("{\"redirect", $"{{\"client_id\":\"{registered.Client.ClientId}\",\"redirect", StringComparison.Ordinal),
        Issuer = Issuer,
    };

    public async Task<CreateInitialAccessTokenResponse> NewTokenAsync(string realmId, InitialAccessToken? token = null) =>
        await Service.CreateInitialAccessTokenAsync(
            new() { RealmId = realmId, InitialAccessToken = token ?? new() }, RealmAdminServer.Operator);

    /// <summary>The reason and the message.</summary>
    public async Task<(string? Reason, string Message)> RefusalAsync(IMessage request)
    {
        var exception = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => Admin.CallAsync(request));
        return (Pltfrms.Iam.Common.Errors.RichStatus.ReasonOf(exception), exception.Status.Detail);
    }
}
