using System.Diagnostics;

namespace Benchmarks.Load;

/// <summary>HTTP/1.1 keep-alive with one request in flight, as wrk does it.</summary>
internal sealed class FormConnection(FormTarget target) : LoadConnection
{
    private long _sentAt;

    protected override void Begin()
    {
        _sentAt = Stopwatch.GetTimestamp();
        Send(target.Next());
    }

    protected override int Consume(ReadOnlySpan<byte> received)
    {
        if (!TryFindEnd(received, out var headLength, out var end))
        {
            return 0;
        }
        if (!received.StartsWith("HTTP/1.1 200 "u8))
        {
            Fail($"{target.Path} answered {Latin1(received[..Math.Min(received.Length, 40)])}");
        }
        else if (received[headLength..end].IndexOf(target.Expected) < 0)
        {
            Fail($"{target.Path} answered without {Latin1(target.Expected)}");
        }
        Complete(_sentAt, end);
        Begin();
        return end;
    }

    private static bool TryFindEnd(ReadOnlySpan<byte> received, out int headLength, out int end)
    {
        end = 0;
        headLength = received.IndexOf("\r\n\r\n"u8) + 4;
        if (headLength < 4)
        {
            return false;
        }
        var head = received[..headLength];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            // Chunked: the last chunk is empty, and JSON never holds these bytes.
            var last = received[headLength..].IndexOf("\r\n0\r\n\r\n"u8);
            end = headLength + last + 7;
            return last >= 0;
        }
        var length = 0;
        foreach (var digit in head[(at + 16)..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }
            length = (length * 10) + digit - '0';
        }
        end = headLength + length;
        return received.Length >= end;
    }

    private static string Latin1(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
