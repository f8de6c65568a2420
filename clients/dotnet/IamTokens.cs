using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client;

/// <summary>
/// This application's access tokens. A token is kept until it expires and renewed in the background by whoever asks for it
/// shortly before. Exactly one request is under way for one <see cref="TokenRequest"/>, however many wait for it; one who
/// stops waiting does not disturb the others.
/// </summary>
public sealed class IamTokens : IDisposable
{
    private readonly ConcurrentDictionary<TokenRequest, TokenSlot> _slots = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly TokenIssuer _issuer;
    private readonly TimeProvider _clock;
    private readonly ILogger<IamTokens> _log;
    private readonly int _maxSlots;

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
        return Slot(request).GetAsync(cancellationToken);
    }

    /// <summary>Stops requests that are under way.</summary>
    public void Dispose() => _disposed.Cancel();

    /// <summary>
    /// Drops a token that a server refused although it has not expired. Tells whether <see cref="GetAsync"/> then gives another
    /// one: not where it was replaced a moment ago, as a server that refuses every token must not make every call ask for one.
    /// </summary>
    internal bool TryReplace(TokenRequest request, AccessToken refused) => Slot(request).TryReplace(refused);

    private TokenSlot Slot(TokenRequest request) =>
        _slots.TryGetValue(request, out var slot) ? slot : AddSlot(request);

    private TokenSlot AddSlot(TokenRequest request)
    {
        var slot = _slots.GetOrAdd(request, static (key, self) => new TokenSlot(key, self.IssueAsync, self._clock), this);
        while (_slots.Count > _maxSlots && LeastUsed(except: slot) is { } old)
        {
            _slots.TryRemove(old);
        }
        return slot;
    }

    private KeyValuePair<TokenRequest, TokenSlot>? LeastUsed(TokenSlot except)
    {
        KeyValuePair<TokenRequest, TokenSlot>? least = null;
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

    private async Task<AccessToken> IssueAsync(TokenRequest request)
    {
        try
        {
            return await _issuer.IssueAsync(request, _disposed.Token);
        }
        catch (IamClientException fault)
        {
            Log.TokenRefused(_log, fault.ReasonName, request.OrganizationId);
            throw;
        }
    }
}
