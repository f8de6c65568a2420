using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Benchmarks.Soak;

/// <summary>The one realm, as realm-admin would send it. Grants end after two days, so that every table has reached its size after nine: the days of a partition more.</summary>
internal sealed class SoakRealm : IRealmFeed
{
    public const string Id = "soak";
    public const string Web = "web";
    public const string OpaqueWeb = "opaque-web";
    public const string Secret = "soak-secret-0123456789abcdef0123456789";
    public const string Callback = "https://app.example/callback";
    public const string Api = "https://api.example";
    public const string Scope = "invoices.read";

    public static TimeSpan RefreshEvery { get; } = TimeSpan.FromHours(4);

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private static readonly IReadOnlyList<IRealmResource> Resources =
    [
        new Realm
        {
            RealmId = Id,
            AccessTokenLifetime = TimeSpan.FromMinutes(5),
            // Durable: on a clock that stands still, what is written soon after would never be.
            AuditSettings = new() { DurableAudit = true, TokenEventRetention = TimeSpan.FromDays(2) },
            SessionSettings = new() { RefreshIdleLifetime = TimeSpan.FromDays(1), RefreshAbsoluteLifetime = TimeSpan.FromDays(2) },
        },
        new ResourceServer { RealmId = Id, Audience = Api, Permissions = [new() { Name = Scope }] },
        Client(Web),
        Client(OpaqueWeb) with { AccessTokenFormat = AccessTokenFormat.Opaque },
        .. Enumerable.Range(0, 100).Select(i => new User { RealmId = Id, UserId = UserId(i) }),
    ];

    public static string UserId(int i) => $"user-{i}";

    public Task<string?> ResolveHostAsync(string hostName, CancellationToken cancellationToken) => Task.FromResult((string?)null);

    public async IAsyncEnumerable<RealmFeedEvent> WatchAsync(
        string realmId, RealmPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new RealmFeedEvent.SnapshotPart { Revision = 1, Resources = Resources, IsLast = true };
        while (true)
        {
            await Task.Delay(Beat, cancellationToken);
            yield return new RealmFeedEvent.Heartbeat { Revision = 1 };
        }
    }

    private static Client Client(string clientId) => new()
    {
        RealmId = Id,
        ClientId = clientId,
        ClientType = ClientType.Web,
        GrantTypes = ["authorization_code", "refresh_token"],
        RedirectUris = [Callback],
        Scopes = [Scope],
        Secrets = [new() { SecretId = "s", Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret))) }],
    };
}
