using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.Tokens.Opaque;
using Testing;
using Token.Tests.Hosting;
using Token.Tests.Keys;

namespace Token.Tests.Tokens;

/// <summary>The parts that make and verify tokens, on one SQLite database and a clock that stands still.</summary>
public sealed class TokenBench : IAsyncLifetime
{
    private readonly SqliteTokenDatabase _database = new();

    internal IDatabase Database => _database.Database;

    public FakeClock Clock { get; } = new();

    internal TokenOptions Options { get; } = new() { PublicAddress = TokenReplica.PublicAddress };

    internal KeyRing Keys { get; private set; } = null!;

    internal TokenVerifier Verifier { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Keys = TestKeys.Ring(_database.Database, Options, Clock);
        Verifier = new TokenVerifier(Keys, new OpaqueTokens(_database.Database, new OpaqueTokenStore(), Clock), new Issuers(Options), Clock);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    internal static AccessToken Claims(string realmId) => new()
    {
        TokenId = "0198c0ffee",
        RealmId = realmId,
        Issuer = TokenReplica.Issuer(realmId),
        Subject = Principal.Client("demo-service"),
        ClientId = "demo-service",
        Scopes = ["invoices.read", "invoices.create"],
        Audiences = [TestRealm.Api],
        OrganizationId = "acme",
        IssuedAt = TestRealm.Epoch,
        ExpiresAt = TestRealm.Epoch.AddMinutes(5),
    };

    internal Task<SigningKey> KeyAsync(string realmId) => KeyAsync(realmId, SignatureAlgorithms.Es256);

    internal async Task<SigningKey> KeyAsync(string realmId, string algorithm) =>
        await Keys.SignerAsync(new Realm { RealmId = realmId }, algorithm, TimeSpan.FromMinutes(5), CancellationToken.None);

    internal async Task<string> WriteAsync(AccessToken claims) => JwtWriter.Write(claims, await KeyAsync(claims.RealmId));

    internal ValueTask<AccessToken?> VerifyAsync(string realmId, string token) => Verifier.VerifyAsync(new Realm { RealmId = realmId }, token, CancellationToken.None);
}
