using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.Decisions;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>
/// The realm's keys, by way of its metadata (RFC 8414). They are read at the start, again every few minutes, and soon when a token names one that is not
/// known: a new key is published before it signs, so that in between nothing is missing.
/// </summary>
internal sealed class KeySource(IamCalls calls, RemoteDecisions remote, IHttpClientFactory http, IOptions<IamClientOptions> options, ILogger<IamClient> log)
    : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private readonly Lock _succeeding = new();
    private volatile RealmKeySet? _current;
    private volatile string? _fault;
    private int _successions;
    private Task _caring = Task.CompletedTask;

    /// <summary>Null: none were ever read.</summary>
    public RealmKeySet? Current => _current;

    /// <summary>Why they could not be read, in one line; null: they could.</summary>
    public string? Fault => _fault;

    public void Start()
    {
        _caring = Background.Run(CareAsync);
    }

    /// <summary>Has them read again soon. Every caller may ask, as the answer comes no more often for it.</summary>
    public void Want()
    {
        if (_wanted.CurrentCount > 0)
        {
            return;
        }
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else asked at the same moment.
        }
    }

    /// <summary>The realm is another one of the same id: no key of the one before counts, nor one that is being read.</summary>
    public void Succeed()
    {
        lock (_succeeding)
        {
            _successions++;
            Become(null);
        }
        Want();
    }

    /// <summary>Without waiting for what runs, which ends by itself.</summary>
    public void Dispose() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _caring;
        _stop.Dispose();
        _wanted.Dispose();
    }

    private async Task CareAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync();
                (_fault, failures) = (null, 0);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                _fault = $"{IamClientOptions.SectionName}:{nameof(IamClientOptions.Issuer)}: the realm's keys cannot be read: {fault.Message}";
                if (failures++ == 0)
                {
                    Log.KeysUnread(log, _fault);
                }
            }
            await WaitAsync(failures);
        }
    }

    private async Task ReadAsync()
    {
        var successions = Volatile.Read(ref _successions);
        var read = await ReadAsync(_stop.Token);
        lock (_succeeding)
        {
            if (successions == _successions)
            {
                Become(read);
            }
        }
    }

    private async Task WaitAsync(int failures)
    {
        var pause = failures == 0 ? ShortestInterval : Shorter(FirstBackoff * Math.Pow(2, Math.Min(failures, 10)), LongestBackoff);
        await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 4)), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (failures == 0)
        {
            await _wanted.WaitAsync(Interval, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task<RealmKeySet> ReadAsync(CancellationToken cancellationToken)
    {
        var issuer = options.Value.Issuer?.OriginalString ?? _current?.Issuer ?? await OwnIssuerAsync(cancellationToken);
        var client = http.CreateClient(IamClientOptions.KeysHttpClient);
        using var metadata = await ReadAsync(client, MetadataOf(issuer), cancellationToken);
        // RFC 8414 section 3.3: whoever answers for another issuer is not believed.
        if (Text(metadata, "issuer") != issuer)
        {
            throw new InvalidDataException($"the metadata of {issuer} is of another issuer");
        }
        var address = new Uri(Text(metadata, "jwks_uri") ?? throw new InvalidDataException($"the metadata of {issuer} names no jwks_uri"));
        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != new Uri(issuer).Scheme)
        {
            throw new InvalidDataException($"the keys of {issuer} are not at an https address");
        }
        using var set = await ReadAsync(client, address, cancellationToken);
        List<RealmKey> keys = [];
        foreach (var jwk in set.RootElement.GetProperty("keys").EnumerateArray())
        {
            // A key that is known already stays the same object, with which tokens are known to be signed.
            if ((Known(jwk) ?? RealmKey.Read(jwk)) is { } key)
            {
                keys.Add(key);
            }
        }
        return new(issuer, keys);
    }

    private async Task<string> OwnIssuerAsync(CancellationToken cancellationToken)
    {
        var own = await calls.TokenAsync(cancellationToken);
        return (await remote.IntrospectAsync(own.Value, minRevision: 0, cancellationToken)).Issuer
            ?? throw new InvalidDataException("the token service does not name its issuer");
    }

    private void Become(RealmKeySet? set)
    {
        foreach (var gone in _current?.Keys.Except(set?.Keys ?? []) ?? [])
        {
            gone.Retire();
        }
        _current = set;
    }

    private RealmKey? Known(JsonElement jwk)
    {
        var json = jwk.GetRawText();
        return _current?.Keys.FirstOrDefault(key => key.Json == json);
    }

    private static async Task<JsonDocument> ReadAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(address, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>RFC 8414 section 3.1: between host and path.</summary>
    private static Uri MetadataOf(string issuer)
    {
        var address = new Uri(issuer);
        return new($"{address.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-authorization-server{address.AbsolutePath.TrimEnd('/')}");
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
