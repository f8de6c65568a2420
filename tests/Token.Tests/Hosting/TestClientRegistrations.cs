using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Registration;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Token.Tests.Hosting;

/// <summary>Realm-admin as registration sees it, in process: takes every metadata, and one token.</summary>
internal sealed class TestClientRegistrations : IClientRegistrations
{
    public const string Token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    /// <summary>Of the answers: what the realm must have reached before they are given.</summary>
    public long Revision { get; set; }

    /// <summary>What was asked, as text.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Which uses were told, or null: telling fails.</summary>
    public ConcurrentQueue<string>? Used { get; set; } = new();

    public Task<Wire.RegisteredClient> RegisterAsync(Wire.RegisterClientRequest request, CancellationToken cancellationToken)
    {
        Asked.Enqueue(request.ToString());
        return Task.FromResult(Registered(request.RealmId, "c-1", request.Metadata, "secret"));
    }

    public Task<Wire.RegisteredClient> ReadAsync(Wire.GetClientRegistrationRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(Registered(request.RealmId, Own(request.ClientId, request.RegistrationAccessToken), "{}", ""));

    public Task<Wire.RegisteredClient> UpdateAsync(Wire.UpdateClientRegistrationRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(Registered(request.RealmId, Own(request.ClientId, request.RegistrationAccessToken), request.Metadata, ""));

    public Task<long> DeleteAsync(Wire.DeleteClientRegistrationRequest request, CancellationToken cancellationToken)
    {
        Own(request.ClientId, request.RegistrationAccessToken);
        return Task.FromResult(Revision);
    }

    public Task RecordUseAsync(Wire.RecordClientUseRequest request, CancellationToken cancellationToken)
    {
        if (Used is not { } used)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "Realm-admin is down.");
        }

        used.Enqueue($"{request.RealmId} {string.Join(' ', request.ClientIds.Order(StringComparer.Ordinal))}");
        return Task.CompletedTask;
    }

    private static string Own(string clientId, string token) =>
        token == Token ? clientId : throw new IamException(ErrorReason.Unauthenticated, "The token is missing, or not good for this.");

    private Wire.RegisteredClient Registered(string realmId, string clientId, string metadata, string secret)
    {
        using var json = JsonDocument.Parse(metadata);
        return new()
        {
            Client = new()
            {
                RealmId = realmId,
                ClientId = clientId,
                ClientType = Wire.ClientType.Web,
                DisplayName = json.RootElement.TryGetProperty("client_name", out var name) ? name.ToString() : "",
                RedirectUris = { "https://app.example/cb" },
                GrantTypes = { "authorization_code" },
                Scopes = { "a.read", "a.write" },
                TokenEndpointAuthMethod = "client_secret_basic",
                Secrets = { new Wire.ClientSecret { SecretId = "s" } },
                Origin = new() { RegisterTime = Timestamp.FromDateTimeOffset(TestRealm.Epoch) },
                About = new() { Names = { ["de"] = "Größe" }, Contacts = { "a@example.com" } },
                Jwks = """{"keys":[]}""",
                TlsClientAuth = new() { SanDns = "app.example" },
                DpopBoundAccessTokens = true,
            },
            ClientSecret = secret,
            RegistrationAccessToken = Token,
            Revision = Revision,
        };
    }
}
