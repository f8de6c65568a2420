using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.Decisions;

namespace Pltfrms.Iam.Client;

/// <summary>
/// This application's access tokens. A token is kept until it expires and renewed in the background by whoever asks for it
/// shortly before. Exactly one request is under way for one <see cref="TokenRequest"/>, however many wait for it; one who
/// stops waiting does not disturb the others.
/// </summary>
public sealed class IamTokens : IDisposable
{
    /// <summary>How seldom slots are looked through.</summary>
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<SlotKey, TokenSlot> _slots = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly TokenIssuer _issuer;
    private readonly TimeProvider _clock;
    private readonly ILogger<IamTokens> _log;
    private readonly int _maxSlots;
    private long _sweepAt;

    internal IamTokens(TokenIssuer issuer, IOptions<IamClientOptions> options, TimeProvider clock, ILogger<IamTokens> log)
    {
        _issuer = issuer;
        _clock = clock;
        _log = log;
        _maxSlots = options.Value.MaxCachedTokens;
    }

    /// <summary>A token for a request; from memory where there is one.</summary>
    /// <exception cref="IamUnavailableException">The token service cannot be reached, or did not answer in time.</exception>
    /// <exception cref="IamClientException">The token service refused, for example for a scope that the client may not have.</exception>
    /// <exception cref="OperationCanceledException">The caller stopped waiting; the request goes on for the others.</exception>
    public ValueTask<AccessToken> GetAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        return Slot(new(request, null), subjectToken: null).GetAsync(cancellationToken);
    }

    /// <summary>
    /// A token that names this application as acting for the subject of another token (RFC 8693), kept until it expires. The
    /// realm's exchange rules say for which audience, organization and scopes; it never exceeds the token that it comes from.
    /// </summary>
    /// <param name="subjectToken">
    /// Sensitive: the access token that came in; it is kept in memory for as long as what it was exchanged for, and dropped when a token is asked for after that.
    /// </param>
    /// <param name="request">What the new token is wanted for.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="IamUnavailableException">The token service cannot be reached, or did not answer in time.</exception>
    /// <exception cref="IamClientException">Refused: <see cref="IamErrorReason.ExchangeRefused"/> where no rule allows it.</exception>
    public ValueTask<AccessToken> ExchangeAsync(string subjectToken, TokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subjectToken);
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        return Slot(new(request, ValueHash.Of(subjectToken)), subjectToken).GetAsync(cancellationToken);
    }

    /// <summary>Stops requests that are under way.</summary>
    public void Dispose() => _disposed.Cancel();

    private TokenSlot Slot(SlotKey key, string? subjectToken) =>
        _slots.TryGetValue(key, out var slot) ? slot : AddSlot(key, subjectToken);

    private TokenSlot AddSlot(SlotKey key, string? subjectToken)
    {
        var slot = _slots.GetOrAdd(key, _ => new TokenSlot(() => IssueAsync(key.Request, subjectToken), _clock));
        while (_slots.Count > _maxSlots && LeastUsed(except: slot) is { } old)
        {
            _slots.TryRemove(old);
        }
        return slot;
    }

    private KeyValuePair<SlotKey, TokenSlot>? LeastUsed(TokenSlot except)
    {
        KeyValuePair<SlotKey, TokenSlot>? least = null;
        foreach (var entry in _slots)
        {
            if (!ReferenceEquals(entry.Value, except)
                && (least is not { } found || entry.Value.LastUsed < found.Value.LastUsed)
                && !entry.Value.Busy)
            {
                least = entry;
            }
        }
        return least;
    }

    /// <summary>Users' tokens do not stay in memory when what they were exchanged for has expired.</summary>
    private void Sweep()
    {
        var now = _clock.GetUtcNow().UtcTicks;
        var due = Volatile.Read(ref _sweepAt);
        if (now < due || Interlocked.CompareExchange(ref _sweepAt, now + SweepEvery.Ticks, due) != due)
        {
            return;
        }
        foreach (var entry in _slots)
        {
            if (entry.Key.SubjectToken is not null && entry.Value.IsOver)
            {
                _slots.TryRemove(entry);
            }
        }
    }

    private async Task<AccessToken> IssueAsync(TokenRequest request, string? subjectToken)
    {
        Sweep();
        try
        {
            return await _issuer.IssueAsync(request, subjectToken, _disposed.Token);
        }
        catch (IamClientException fault)
        {
            Log.TokenRefused(_log, fault.Message, request.OrganizationId);
            throw;
        }
    }

    /// <summary>What a token is for and, where it is exchanged, what it comes from.</summary>
    private readonly record struct SlotKey(TokenRequest Request, ValueHash? SubjectToken);
}
