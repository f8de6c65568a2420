using Grpc.Core;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client.Decisions;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>Follows one stream, reconnecting as often as needed and going on where it was, until it is stopped.</summary>
internal abstract class FeedStream<TEvent>(string name, IamCalls calls, FeedClock clock, StreamPulse pulse, ILogger log) : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);

    /// <summary>Reading a large realm takes the server a while.</summary>
    private static readonly TimeSpan FirstEventWithin = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;
    private volatile string? _fault;
    private int _failures;
    private bool _isToldNonce;

    public string Name => name;

    public StreamPulse Pulse => pulse;

    /// <summary>Why it is not connected, in one line; null: it is, or has not tried yet.</summary>
    public string? Fault => _fault;

    protected FeedClock Clock => clock;

    protected IamCalls Calls => calls;

    public void Start()
    {
        _following = Background.Run(FollowAsync);
    }

    /// <summary>Without waiting for what runs, which ends by itself.</summary>
    public void Dispose() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    /// <summary>Opens the stream where this side is.</summary>
    protected abstract AsyncServerStreamingCall<TEvent> Open(CallOptions options);

    /// <exception cref="InvalidDataException">It does not follow what is known, or nobody here can read it.</exception>
    protected abstract void Take(TEvent next);

    /// <summary>What is known is of no use: the next connection begins anew.</summary>
    protected abstract void Reset();

    private async Task FollowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await ReadAsync() is not { } end)
                {
                    continue;
                }
                Failed(end);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException fault)
            {
                Refused(RpcFault.ToException(fault, calls.Options, asked: null, CancellationToken.None));
            }
            catch (OperationCanceledException)
            {
                Failed("the stream fell silent");
            }
            catch (IamClientException fault)
            {
                Refused(fault);
            }
            catch (Exception fault)
            {
                // Whatever it is, the stream must not end: what it brought is thrown away, and meanwhile every answer is asked for.
                Log.FeedUnreadable(log, name, fault);
                Reset();
                Failed(fault.Message);
            }
            await BackOffAsync();
        }
    }

    /// <summary>
    /// Why it ended. Null: it is to be opened again at once, as the token that it was opened with has ended and another one is there, or its proof lacked a
    /// nonce.
    /// </summary>
    private async Task<string?> ReadAsync()
    {
        // A connection can die without a word (RFC 9293 section 3.8.4): silence longer than staleness ends it.
        using var silence = clock.Deadline(FirstEventWithin);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _stop.Token);
        var token = await calls.TokenAsync(ends.Token);
        pulse.Begin(clock.Now);
        using var call = Open(new CallOptions(token.Headers, cancellationToken: ends.Token));
        var isOpen = false;
        try
        {
            while (await call.ResponseStream.MoveNext(ends.Token))
            {
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
                Take(call.ResponseStream.Current);
                Restored();
                isOpen = true;
                if (pulse.BeganLate)
                {
                    return "the stream took so long to begin that nobody can tell how old it is";
                }
                silence.CancelAfter(2 * pulse.StaleAfter);
            }
            return "the server ended the stream";
        }
        catch (RpcException fault) when (fault.StatusCode == StatusCode.Unauthenticated && token.TryReplace() && isOpen)
        {
            return null;
        }
        catch (RpcException fault) when (calls.Learn(fault) && !_isToldNonce)
        {
            // Where the next one is not right either, it is a failure like others.
            _isToldNonce = true;
            return null;
        }
        catch (RpcException fault) when (fault.StatusCode == StatusCode.Cancelled)
        {
            ends.Token.ThrowIfCancellationRequested();
            throw;
        }
    }

    private void Restored()
    {
        if (_fault is not null)
        {
            Log.FeedRestored(log, name);
        }
        _fault = null;
        _failures = 0;
        _isToldNonce = false;
    }

    private void Refused(Exception refusal)
    {
        var reason = (refusal as IamClientException)?.Reason;
        if (reason == IamErrorReason.RealmNotFound)
        {
            Reset();
        }
        Failed(reason == IamErrorReason.PermissionDenied ? NotAllowed : refusal.Message);
    }

    private void Failed(string fault)
    {
        if (_failures++ == 0)
        {
            Log.FeedLost(log, name, fault);
        }
        _fault = fault;
    }

    private string NotAllowed =>
        $"{IamClientOptions.SectionName}:{nameof(IamClientOptions.ClientId)}: the client '{calls.Options.ClientId}' may not watch the realm '{calls.RealmId}': "
        + "it needs the role iam-resource-server, and to be the client of a resource server";

    private async Task BackOffAsync()
    {
        var longest = Math.Min(FirstBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 10)), LongestBackoff.TotalMilliseconds);
        var jittered = TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
        await clock.DelayAsync(jittered, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
