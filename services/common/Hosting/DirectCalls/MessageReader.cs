namespace Pltfrms.Iam.Common.Hosting.DirectCalls;

/// <summary>Reads one message.</summary>
/// <param name="message">All of it, and nothing else.</param>
/// <exception cref="Google.Protobuf.InvalidProtocolBufferException">It is none.</exception>
public delegate TMessage MessageReader<out TMessage>(ReadOnlySpan<byte> message);
