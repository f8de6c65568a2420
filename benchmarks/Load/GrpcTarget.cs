using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Benchmarks.Load;

/// <summary>
/// A unary gRPC call whose frames are built once. The first call of a connection puts its headers into the HPACK table
/// (RFC 7541 section 6.2.1) and the following ones name them by index, as gRPC clients do.
/// </summary>
internal sealed class GrpcTarget
{
    private const int FirstDynamicIndex = 62;
    private const byte Headers = 1;
    private const byte Data = 0;
    private const byte EndHeaders = 4;
    private const byte EndStream = 1;

    private readonly byte[] _first;
    private readonly byte[] _next;
    private readonly byte[] _indexedHeaders;
    private byte[][] _others = [];
    private int _turn;

    /// <param name="address">The server.</param>
    /// <param name="method">The path.</param>
    /// <param name="message">What is sent, without the bytes before it.</param>
    /// <param name="authorization">The header's value, or null.</param>
    public GrpcTarget(Uri address, string method, byte[] message, string? authorization)
    {
        Server = new(IPAddress.Parse(address.Host), address.Port);
        (Method, Message, Authorization) = (method, GrpcMessage.Framed(message), authorization);
        Address = new Uri(address, method);
        List<byte> literal = [0x83, 0x86];
        var entries = 0;
        Add(literal, ref entries, 4, "", method);
        Add(literal, ref entries, 1, "", address.Authority);
        Add(literal, ref entries, 31, "", "application/grpc");
        Add(literal, ref entries, 0, "te", "trailers");
        if (authorization is not null)
        {
            Add(literal, ref entries, 23, "", authorization);
        }
        List<byte> indexed = [0x83, 0x86];
        for (var i = 0; i < entries; i++)
        {
            indexed.Add((byte)(0x80 | (FirstDynamicIndex + entries - 1 - i)));
        }
        _indexedHeaders = [.. indexed];
        _first = Frames([.. literal], Message);
        _next = Frames(_indexedHeaders, Message);
        Length = _next.Length;
    }

    public Uri Address { get; }

    public IPEndPoint Server { get; }

    public string Method { get; }

    /// <summary>With the bytes before it.</summary>
    public byte[] Message { get; }

    public string? Authorization { get; }

    /// <summary>The first bytes of every answer's message; empty: the message is empty.</summary>
    public byte[] Begins { get; init; } = [];

    /// <summary>Bytes that every answer's message has somewhere; empty: whichever.</summary>
    public byte[] Holds { get; init; } = [];

    /// <summary>Whether an answer's message, without the bytes before it, is what was hoped for.</summary>
    public bool IsExpected(ReadOnlySpan<byte> message) =>
        Holds.Length > 0 ? message.IndexOf(Holds) >= 0 : Begins.Length == 0 ? message.IsEmpty : message.StartsWith(Begins);

    /// <summary>How long a call is at the most, but for a connection's first.</summary>
    public int Length { get; private init; }

    /// <summary>Other messages, sent in turns with the first.</summary>
    public IReadOnlyList<byte[]> Others
    {
        init
        {
            _others = [.. value.Select(message => Frames(_indexedHeaders, GrpcMessage.Framed(message)))];
            Length = _others.Select(frames => frames.Length).Append(_next.Length).Max();
        }
    }

    /// <summary>Writes one call's frames with its stream id and returns what was written.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> to, uint streamId)
    {
        var frames = streamId == 1 ? _first : Next();
        frames.CopyTo(to);
        var headerLength = (frames[0] << 16) | (frames[1] << 8) | frames[2];
        BinaryPrimitives.WriteUInt32BigEndian(to[5..], streamId);
        BinaryPrimitives.WriteUInt32BigEndian(to[(9 + headerLength + 5)..], streamId);
        return to[..frames.Length];
    }

    /// <remarks>The generator has one thread.</remarks>
    private byte[] Next()
    {
        if (_others.Length == 0)
        {
            return _next;
        }

        _turn = (_turn + 1) % _others.Length;
        return _others[_turn];
    }

    private static byte[] Frames(byte[] headers, byte[] body)
    {
        var frames = new byte[9 + headers.Length + 9 + body.Length];
        WriteFrameHeader(frames, headers.Length, Headers, EndHeaders);
        headers.CopyTo(frames, 9);
        var data = frames.AsSpan(9 + headers.Length);
        WriteFrameHeader(data, body.Length, Data, EndStream);
        body.CopyTo(data[9..]);
        return frames;
    }

    private static void WriteFrameHeader(Span<byte> to, int length, byte type, byte flags)
    {
        to[0] = (byte)(length >> 16);
        to[1] = (byte)(length >> 8);
        to[2] = (byte)length;
        to[3] = type;
        to[4] = flags;
    }

    private static void Add(List<byte> block, ref int entries, byte nameIndex, string name, string value)
    {
        block.Add((byte)(0x40 | nameIndex));
        if (nameIndex == 0)
        {
            AddText(block, name);
        }
        AddText(block, value);
        entries++;
    }

    /// <summary>RFC 7541 section 5.2, without Huffman coding.</summary>
    private static void AddText(List<byte> block, string text)
    {
        if (text.Length < 127)
        {
            block.Add((byte)text.Length);
        }
        else
        {
            block.Add(127);
            var rest = text.Length - 127;
            for (; rest >= 128; rest >>= 7)
            {
                block.Add((byte)(0x80 | (rest & 0x7f)));
            }
            block.Add((byte)rest);
        }
        block.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
