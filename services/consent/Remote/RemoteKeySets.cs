using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>The key sets of remote consent servers, fetched when they are needed and kept for some minutes.</summary>
public sealed class RemoteKeySets(TimeProvider clock, ILogger<RemoteKeySets> log) : IDisposable
{
    private const int MaxSize = 64 * 1024;
    private const int MaxSets = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FetchAtMostEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, FetchedSet> _sets = new(StringComparer.Ordinal);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = Timeout,
    })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = MaxSize,
    };

    /// <summary>The key that requests are encrypted for: the first that says so.</summary>
    /// <exception cref="IamException">SERVICE_UNAVAILABLE.</exception>
    public async Task<JsonWebKey> EncryptionKeyAsync(string address, CancellationToken cancellationToken) =>
        (await GetAsync(address, cancellationToken)).Keys.FirstOrDefault(key => key.Use == "enc")
        ?? throw Unavailable("The remote consent server publishes no key for encryption that can be used.", null);

    /// <summary>The keys that may have signed an answer. One that is not known yet is looked for again, though not too often.</summary>
    /// <exception cref="IamException">SERVICE_UNAVAILABLE.</exception>
    public async Task<IReadOnlyList<JsonWebKey>> SignatureKeysAsync(string address, string keyId, CancellationToken cancellationToken)
    {
        var set = await GetAsync(address, cancellationToken);
        var found = Signing(set, keyId);
        return found.Count > 0 || clock.GetUtcNow() < set.FetchedAt + FetchAtMostEvery
            ? found
            : Signing(await FetchAsync(address, cancellationToken), keyId);
    }

    public void Dispose() => _http.Dispose();

    private static List<JsonWebKey> Signing(FetchedSet set, string keyId) =>
        [.. set.Keys.Where(key => key.Use == "sig" && (keyId.Length == 0 || key.KeyId == keyId))];

    private async Task<FetchedSet> GetAsync(string address, CancellationToken cancellationToken) =>
        _sets.TryGetValue(address, out var known) && clock.GetUtcNow() < known.FetchedAt + FreshFor
            ? known
            : await FetchAsync(address, cancellationToken);

    private async Task<FetchedSet> FetchAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await _http.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new HttpRequestException($"It answers {(int)response.StatusCode}.");
            }

            var set = new FetchedSet(JsonWebKey.ReadSet(await response.Content.ReadAsByteArrayAsync(cancellationToken)), clock.GetUtcNow());
            Keep(address, set);
            return set;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.KeySetNotFetched(address, exception.Message);
            throw Unavailable("The remote consent server's keys cannot be fetched.", exception);
        }
    }

    private void Keep(string address, FetchedSet set)
    {
        if (_sets.Count >= MaxSets)
        {
            _sets.Clear();
        }

        _sets[address] = set;
    }

    private static IamException Unavailable(string message, Exception? inner) => new(ErrorReason.ServiceUnavailable, message, inner)
    {
        Metadata = new Dictionary<string, string> { ["service"] = "remote consent server" },
    };

    private sealed record FetchedSet(IReadOnlyList<JsonWebKey> Keys, DateTimeOffset FetchedAt);
}
