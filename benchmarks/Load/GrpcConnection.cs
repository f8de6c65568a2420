using System.Buffers.Binary;
using System.Diagnostics;

namespace Benchmarks.Load;

/// <summary>HTTP/2 without TLS, a fixed number of unary calls in flight (RFC 9113; no more of it than unary calls need).</summary>
internal sealed class GrpcConnection(GrpcTarget target, int streams) : LoadConnection
{
    private const int FrameHeader = 9;
    private const uint WindowRefill = 16 * 1024 * 1024;

    /// <summary>More than ever are in flight, so that a slot is free again before its turn comes.</summary>
    private const int Slots = 4096;

    /// <summary>"grpc-status" in Huffman coding (RFC 7541 section 5.2), as Go servers write it, then "0" as it is.</summary>
    private static readonly byte[] ShortStatus = [0x80 | 8, 0x9a, 0xca, 0xc8, 0xb2, 0x12, 0x34, 0xda, 0x8f, 1, (byte)'0'];

    private readonly long[] _startedAt = new long[Slots];
    private readonly bool[] _messageSeen = new bool[Slots];
    private readonly int[] _answerBytes = new int[Slots];
    private readonly byte[] _out = new byte[64 * 1024];
    private int _outFilled;
    private uint _nextStream = 1;
    private uint _unacknowledged;

    protected override void Begin()
    {
        // SETTINGS_HEADER_TABLE_SIZE 0 makes the server send literals, which need no decoder to be checked.
        Append("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Append([0, 0, 12, 4, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff]);
        AppendWindowUpdate(int.MaxValue - 65_535);
        for (var i = 0; i < streams; i++)
        {
            StartCall();
        }
        Flush();
    }

    protected override int Consume(ReadOnlySpan<byte> received)
    {
        var taken = 0;
        while (received.Length - taken >= FrameHeader)
        {
            var frame = received[taken..];
            var length = (frame[0] << 16) | (frame[1] << 8) | frame[2];
            if (frame.Length < FrameHeader + length)
            {
                break;
            }
            OnFrame(frame[3], frame[4], BinaryPrimitives.ReadUInt32BigEndian(frame[5..]), frame.Slice(FrameHeader, length));
            taken += FrameHeader + length;
        }
        Flush();
        return taken;
    }

    private void OnFrame(byte type, byte flags, uint stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case 0:
                OnData(stream, payload);
                break;
            case 1:
                OnHeaders(stream, (flags & 1) != 0, payload);
                break;
            case 4 when (flags & 1) == 0:
                Append([0, 0, 0, 4, 1, 0, 0, 0, 0]);
                break;
            case 6 when (flags & 1) == 0:
                Append([0, 0, 8, 6, 1, 0, 0, 0, 0]);
                Append(payload);
                break;
            case 4 or 6 or 8:
                break;
            default:
                Fail($"{target.Method} was answered with a frame of type {type}");
                break;
        }
    }

    private void OnData(uint stream, ReadOnlySpan<byte> payload)
    {
        _unacknowledged += (uint)payload.Length;
        if (_unacknowledged >= WindowRefill)
        {
            AppendWindowUpdate(_unacknowledged);
            _unacknowledged = 0;
        }
        if (payload.Length < 5)
        {
            return;
        }
        _answerBytes[Slot(stream)] = payload.Length;
        _messageSeen[Slot(stream)] = target.IsExpected(payload[5..]);
    }

    private void OnHeaders(uint stream, bool last, ReadOnlySpan<byte> block)
    {
        if (!last)
        {
            // 0x88 is `:status: 200`; before it a connection's first block acknowledges the table size.
            if (block.IndexOf((byte)0x88) is < 0 or > 3)
            {
                Fail($"{target.Method} was not answered with HTTP status 200");
            }
            return;
        }
        var slot = Slot(stream);
        if (block.IndexOf("grpc-status\u00010"u8) < 0 && block.IndexOf(ShortStatus) < 0)
        {
            Fail($"{target.Method} was refused: {System.Text.Encoding.Latin1.GetString(block)}");
        }
        else if (!_messageSeen[slot])
        {
            Fail($"{target.Method} answered with an unexpected message");
        }
        Complete(_startedAt[slot], _answerBytes[slot]);
        StartCall();
    }

    private void StartCall()
    {
        var slot = Slot(_nextStream);
        _startedAt[slot] = Stopwatch.GetTimestamp();
        (_messageSeen[slot], _answerBytes[slot]) = (false, 0);
        if (_out.Length - _outFilled < target.Length + 4096)
        {
            Flush();
        }
        _outFilled += target.Write(_out.AsSpan(_outFilled), _nextStream).Length;
        _nextStream += 2;
    }

    private void AppendWindowUpdate(uint increment)
    {
        Span<byte> frame = [0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(frame[FrameHeader..], increment);
        Append(frame);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_out.AsSpan(_outFilled));
        _outFilled += bytes.Length;
    }

    private void Flush()
    {
        Send(_out.AsSpan(0, _outFilled));
        _outFilled = 0;
    }

    private static int Slot(uint stream) => (int)(stream >> 1) & (Slots - 1);
}
