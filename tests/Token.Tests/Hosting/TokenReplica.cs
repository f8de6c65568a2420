using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Consent;
using Pltfrms.Iam.Token.Upstream;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.Upstream;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Hosting;

/// <summary>A token service on free ports of this process.</summary>
internal sealed class TokenReplica : IAsyncDisposable
{
    public const string PublicAddress = "https://iam.example";
    public const string OperatorKey = "an-operator-key-of-more-than-32-characters";

    private static readonly byte[] KeyEncryptionKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private TokenReplica(TemporaryFolder folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(ServiceHost.HttpAddress(app)) };
        _channel = GrpcChannel.ForAddress(ServiceHost.GrpcAddress(app));
        Tokens = new Wire.TokenService.TokenServiceClient(_channel);
        Permissions = new Wire.PermissionService.PermissionServiceClient(_channel);
        Grants = new Wire.GrantService.GrantServiceClient(_channel);
        Keys = new Wire.KeyService.KeyServiceClient(_channel);
        TokenAudit = new Wire.TokenAuditService.TokenAuditServiceClient(_channel);
        Interactions = new Wire.InteractionService.InteractionServiceClient(_channel);
    }

    public HttpClient Http { get; }

    /// <summary>For services that few tests call.</summary>
    public ChannelBase Channel => _channel;

    public Wire.TokenService.TokenServiceClient Tokens { get; }

    public Wire.PermissionService.PermissionServiceClient Permissions { get; }

    public Wire.GrantService.GrantServiceClient Grants { get; }

    public Wire.KeyService.KeyServiceClient Keys { get; }

    public Wire.TokenAuditService.TokenAuditServiceClient TokenAudit { get; }

    public Wire.InteractionService.InteractionServiceClient Interactions { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Where clients show certificates; there must be such a listener.</summary>
    public string MutualTlsAddress => ServiceHost.MutualTlsAddress(_app);

    /// <summary>For those who make gRPC's frames themselves.</summary>
    public string GrpcAddress => ServiceHost.GrpcAddress(_app);

    public static Metadata Operator { get; } = Bearer(OperatorKey);

    public static Task<TokenReplica> StartAsync(IReadOnlyDictionary<string, string?> settings, IRealmFeed realms, TimeProvider clock) =>
        StartAsync(settings, realms, clock, new TestConsent());

    /// <param name="own">At least the database's settings.</param>
    /// <param name="realms">Where realms come from.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="consent">Who asks users.</param>
    /// <param name="others">Other parts of the outside world.</param>
    public static async Task<TokenReplica> StartAsync(
        IReadOnlyDictionary<string, string?> own, IRealmFeed realms, TimeProvider clock, IUserConsent consent, params ServiceDescriptor[] others)
    {
        var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var settings = new Dictionary<string, string?>
        {
            ["Listen:Grpc"] = "http://127.0.0.1:0",
            ["Listen:Http"] = "http://127.0.0.1:0",
            ["Peers:RealmAdmin:Address"] = "http://127.0.0.1:1",
            ["Peers:Consent:Address"] = "http://127.0.0.1:1",
            ["ServiceKey:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
            ["Operator:KeyFile"] = Secret(folder, "operator.key", OperatorKey),
            ["Token:PublicAddress"] = PublicAddress,
            ["Token:KeyEncryptionKeyFile"] = Secret(folder, "key-encryption.key", Convert.ToBase64String(KeyEncryptionKey)),
            ["Secrets:KeyFile"] = Secret(folder, "secrets.key", Convert.ToBase64String(KeyEncryptionKey)),
            ["Logging:LogLevel:Default"] = "Critical",
        };
        foreach (var (name, value) in own)
        {
            settings[name] = value;
        }

        ServiceDescriptor[] world =
        [
            ServiceDescriptor.Singleton(realms), ServiceDescriptor.Singleton(clock), ServiceDescriptor.Singleton(consent),
            ServiceDescriptor.Singleton<IUpstreamUsers>(new TestUpstreamUsers(realms)), .. others,
        ];
        var app = TokenHost.Build([], settings, services => Array.ForEach(world, part => services.Replace(part)));
        await ServiceHost.StartAsync(app);
        return new TokenReplica(folder, app);
    }

    public static Metadata Bearer(string credential) => new() { { "authorization", $"Bearer {credential}" } };

    public static string Issuer(string realmId) => $"{PublicAddress}/realms/{realmId}";

    /// <summary>Posts a form; each pair is encoded as it should be.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, AuthenticationHeaderValue? authorization, params (string Name, string Value)[] form) =>
        PostRawAsync(path, authorization, string.Join('&', form.Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(p.Value)}")));

    /// <summary>Posts a body as it is.</summary>
    public async Task<HttpResponseMessage> PostRawAsync(string path, AuthenticationHeaderValue? authorization, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) { Headers = { ContentType = new("application/x-www-form-urlencoded") } },
        };
        request.Headers.Authorization = authorization;
        return await Http.SendAsync(request);
    }

    public static AuthenticationHeaderValue Basic(string clientId, string secret) => new(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}")));

    /// <summary>A token, as the answer of the token endpoint has it.</summary>
    public async Task<string> IssueAsync(string realmId, string clientId, string secret, params (string Name, string Value)[] parameters)
    {
        using var response = await PostAsync(
            $"/realms/{realmId}/oauth2/token", Basic(clientId, secret), [("grant_type", "client_credentials"), .. parameters]);
        var json = await JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json.GetProperty("access_token").GetString()!;
    }

    public async Task<string> IntrospectAsync(string realmId, string token)
    {
        using var response = await PostAsync($"/realms/{realmId}/oauth2/introspect", Basic("demo-api", TestRealm.ApiSecret), ("token", token));
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Waits until the service has this revision of the realm.</summary>
    public async Task ReachAsync(string realmId, long revision) =>
        await _app.Services.GetRequiredService<RealmSnapshots>().GetAsync(realmId, revision, CancellationToken.None);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static string Secret(TemporaryFolder folder, string name, string content)
    {
        var file = folder.File(name);
        PrivateFile.Write(file, content);
        return file;
    }
}
