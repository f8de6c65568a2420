using System.Buffers.Binary;

namespace Benchmarks.Load;

/// <summary>A message with the five bytes before it that gRPC frames have.</summary>
internal static class GrpcMessage
{
    public static byte[] Framed(ReadOnlySpan<byte> message)
    {
        var framed = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsSpan(5));
        return framed;
    }
}
