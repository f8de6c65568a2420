using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Keys;
using Testing.Databases;
using Token.Tests.Hosting;
using Xunit.Abstractions;

namespace Token.Tests.Keys;

/// <summary>
/// A new key every second, through two replicas, while clients get tokens, and resource servers introspect them or verify them with the key set that they
/// keep for as long as its headers allow.
/// </summary>
/// <remarks>In CI until ten keys have signed; MEASURE_ROTATION says for how many seconds at least. benchmarks/README.md has the results.</remarks>
[NeedsPostgres]
public sealed class RotationUnderLoadTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Keys = 10;
    private const int Workers = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);

    private readonly PostgresTokenDatabase _database = new();
    private readonly TestRealmFeed _realms = new();
    private readonly ConcurrentDictionary<string, int> _signed = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _issued = new();
    private readonly List<TokenReplica> _replicas = [];
    private int _introspected;
    private int _verified;
    private int _busy;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is not null)
        {
            return;
        }

        await _database.InitializeAsync();
        var resources = TestRealm.Resources("demo");
        _realms.Set("demo", [.. resources.Select(r => r is Realm realm ? realm with { SigningKeyRotationInterval = Interval, AccessTokenLifetime = Lifetime } : r)]);
        var settings = new Dictionary<string, string?>(_database.Settings)
        {
            ["Token:JwksMaxAge"] = MaxAge.ToString(),
            ["Token:RevocationPollInterval"] = "00:00:00.1",
            ["Token:RevocationStaleAfter"] = "00:00:01",
        };
        for (var i = 0; i < 2; i++)
        {
            _replicas.Add(await TokenReplica.StartAsync(settings, _realms, TimeProvider.System));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        if (PostgresInstallation.SkipReason is null)
        {
            await _database.DisposeAsync();
        }
    }

    [StorageFact]
    public async Task No_valid_token_is_refused_and_no_key_is_missing_from_the_key_set()
    {
        var atLeast = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("MEASURE_ROTATION") ?? "0", CultureInfo.InvariantCulture));
        var started = TimeProvider.System.GetTimestamp();
        bool IsDone() => TimeProvider.System.GetElapsedTime(started) >= atLeast && _signed.Count >= Keys;

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(worker, IsDone)));

        output.WriteLine($"| {TimeProvider.System.GetElapsedTime(started).TotalSeconds:f0} s | {_signed.Count} keys signed | {_signed.Values.Sum()} tokens issued | "
            + $"{_introspected} introspections | {_verified} verified with a kept key set | {_busy} answers 503 |");
        await AssertKeysTookOverFromOneAnotherAsync();
    }

    /// <summary>A client and a resource server of each replica.</summary>
    private async Task WorkAsync(int worker, Func<bool> isDone)
    {
        var keySet = new KeptKeySet();
        for (var round = worker; !isDone(); round++)
        {
            var (issuing, other) = (_replicas[round % 2], _replicas[(round + 1) % 2]);
            if (await IssueAsync(issuing) is not { } token)
            {
                continue;
            }

            await AssertVerifiesAsync(keySet, round % 3 == 0 ? issuing : other, token);
            await AssertActiveAsync(other, token);
            _issued.Enqueue(token);
            if (_issued.Count > 500 && _issued.TryDequeue(out var older) && !IsOver(older))
            {
                await AssertActiveAsync(issuing, older);
                await AssertVerifiesAsync(keySet, other, older);
            }
        }
    }

    private async Task<string?> IssueAsync(TokenReplica replica)
    {
        using var response = await replica.PostAsync(
            "/realms/demo/oauth2/token", TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("grant_type", "client_credentials"));
        if (IsBusy(response))
        {
            return null;
        }

        var token = (await TokenReplica.JsonAsync(response)).GetProperty("access_token").GetString()!;
        _signed.AddOrUpdate(Part(token, 0).GetProperty("kid").GetString()!, 1, (_, count) => count + 1);
        return token;
    }

    private async Task AssertActiveAsync(TokenReplica replica, string token)
    {
        using var response = await replica.PostAsync(
            "/realms/demo/oauth2/introspect", TokenReplica.Basic("demo-api", TestRealm.ApiSecret), ("token", token));
        if (!IsBusy(response) && !(await TokenReplica.JsonAsync(response)).GetProperty("active").GetBoolean())
        {
            Assert.True(IsOver(token), $"A valid token was refused: {Part(token, 0)}");
        }

        Interlocked.Increment(ref _introspected);
    }

    private async Task AssertVerifiesAsync(KeptKeySet keySet, TokenReplica replica, string token)
    {
        var kid = Part(token, 0).GetProperty("kid").GetString()!;
        var keys = await keySet.GetAsync(replica, MaxAge);
        Assert.True(keys.TryGetValue(kid, out var key) || IsOver(token), $"The key set has no {kid}: {string.Join(", ", keys.Keys)}");
        if (key is not null)
        {
            var dot = token.LastIndexOf('.');
            using var ecdsa = ECDsa.Create(key.Value);
            Assert.True(ecdsa.VerifyData(
                Encoding.ASCII.GetBytes(token[..dot]),
                Base64Url.DecodeFromChars(token.AsSpan(dot + 1)),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
            Interlocked.Increment(ref _verified);
        }
    }

    /// <summary>An outage is never an answer: who gets this asks again. A machine that stands still for seconds makes some.</summary>
    private bool IsBusy(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }

        Interlocked.Increment(ref _busy);
        return true;
    }

    private async Task AssertKeysTookOverFromOneAnotherAsync()
    {
        await using var session = await _database.Database.OpenAsync(CancellationToken.None);
        var rows = await new SigningKeyStore().ListAsync(session, "demo", CancellationToken.None);

        Assert.True(rows.Count > 2);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(pair.First.SignsUntil, pair.Second.SignsFrom));
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.Second.SignsFrom - pair.First.SignsFrom >= Interval));
    }

    private static bool IsOver(string token) =>
        DateTimeOffset.FromUnixTimeSeconds(Part(token, 1).GetProperty("exp").GetInt64()) <= TimeProvider.System.GetUtcNow().AddSeconds(1);

    private static JsonElement Part(string token, int index)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]));
        return document.RootElement.Clone();
    }

    /// <summary>What a resource server has of the key set: fetched again when it is too old, and never because a key is missing.</summary>
    private sealed class KeptKeySet
    {
        private Dictionary<string, ECParameters?> _keys = [];
        private long? _askedAt;

        public async Task<IReadOnlyDictionary<string, ECParameters?>> GetAsync(TokenReplica replica, TimeSpan maxAge)
        {
            if (_askedAt is not { } askedAt || TimeProvider.System.GetElapsedTime(askedAt) >= maxAge)
            {
                _askedAt = TimeProvider.System.GetTimestamp();
                using var document = JsonDocument.Parse(await replica.Http.GetStringAsync("/realms/demo/oauth2/jwks"));
                _keys = document.RootElement.GetProperty("keys").EnumerateArray().ToDictionary(key => key.GetProperty("kid").GetString()!, Read);
            }

            return _keys;
        }

        private static ECParameters? Read(JsonElement key) => new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = Base64Url.DecodeFromChars(key.GetProperty("x").GetString()),
                Y = Base64Url.DecodeFromChars(key.GetProperty("y").GetString()),
            },
        };
    }
}
