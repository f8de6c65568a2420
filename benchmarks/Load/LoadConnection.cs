using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Benchmarks.Load;

/// <summary>
/// One socket that keeps a fixed number of requests in flight. Completions run on the one thread that polls all sockets
/// (see Program), so a connection needs no locks and the generator costs about as much as one written in C.
/// </summary>
internal abstract class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _filled;
    private volatile bool _stopped;
    private volatile bool _counting;
    private long _completed;
    private long _answerBytes;
    private long _errors;

    public LatencyHistogram Latencies { get; } = new();

    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Of all answers together.</summary>
    public long AnswerBytes => Volatile.Read(ref _answerBytes);

    public long Errors => Volatile.Read(ref _errors);

    /// <summary>The first thing that went wrong; null: nothing did.</summary>
    public string? FirstError { get; private set; }

    public void Start(IPEndPoint server)
    {
        _socket.Connect(server);
        _receive.Completed += (_, _) => OnReceived();
        Begin();
        Receive();
    }

    /// <summary>From now on latencies are recorded.</summary>
    public void Count() => _counting = true;

    public void Stop() => _stopped = true;

    public void Dispose()
    {
        Stop();
        _socket.Dispose();
        _receive.Dispose();
    }

    /// <summary>Sends the first requests.</summary>
    protected abstract void Begin();

    /// <summary>Takes complete answers off the front of what came in and sends the next requests; returns how many bytes it took.</summary>
    protected abstract int Consume(ReadOnlySpan<byte> received);

    protected void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <param name="startedAt">When the request was sent.</param>
    /// <param name="bytes">How long the answer is.</param>
    protected void Complete(long startedAt, int bytes)
    {
        _answerBytes += bytes;
        if (_counting)
        {
            Latencies.Add((long)Stopwatch.GetElapsedTime(startedAt).TotalMicroseconds);
        }
        Volatile.Write(ref _completed, _completed + 1);
    }

    protected void Fail(string what)
    {
        FirstError ??= what;
        Volatile.Write(ref _errors, _errors + 1);
    }

    private void OnReceived()
    {
        try
        {
            if (Process())
            {
                Receive();
            }
        }
        catch (SocketException fault)
        {
            FailUnlessStopped(fault.Message);
        }
        catch (ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private void Receive()
    {
        do
        {
            _receive.SetBuffer(_buffer, _filled, _buffer.Length - _filled);
            if (_socket.ReceiveAsync(_receive))
            {
                return;
            }
        }
        while (Process());
    }

    private bool Process()
    {
        if (_stopped)
        {
            return false;
        }
        if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
        {
            FailUnlessStopped($"connection lost: {_receive.SocketError}");
            return false;
        }
        _filled += _receive.BytesTransferred;
        var taken = Consume(_buffer.AsSpan(0, _filled));
        _buffer.AsSpan(taken, _filled - taken).CopyTo(_buffer);
        _filled -= taken;
        return true;
    }

    private void FailUnlessStopped(string what)
    {
        if (!_stopped)
        {
            Fail(what);
        }
    }
}
