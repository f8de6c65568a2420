using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>
/// Reads requests about tokens. Of a token that was asked about a moment ago no new text is made: that was most of what a call allocated. The field is cut
/// out of the message, the rest is read as ever, and the text that is at hand put in its place.
/// </summary>
/// <param name="recent">The texts that are at hand.</param>
/// <param name="type">Of the request, whose field 2 is the token.</param>
/// <param name="isUnset">Whether a request has nothing in the token's place: no second token, no other subject.</param>
/// <param name="put">Puts the token there.</param>
internal sealed class RecentTokenReader<TRequest>(
    RecentTokens recent, MessageDescriptor type, Func<TRequest, bool> isUnset, Action<TRequest, string> put)
    where TRequest : class, IMessage<TRequest>
{
    private const int LongestRest = 512;

    // Protocol Buffers' encoding: the number of the field, then how it is written.
    private const int LengthDelimited = 2;
    private const int WireTypes = 7;
    private const int TokenTag = (2 << 3) | LengthDelimited;

    private readonly MessageParser<TRequest> _parser = (MessageParser<TRequest>)type.Parser;

    /// <exception cref="InvalidProtocolBufferException">It is no such message.</exception>
    public TRequest Read(ReadOnlySpan<byte> message) => ReadRecent(message) ?? _parser.ParseFrom(message);

    /// <summary>Null: the token is not at hand, or the message is none of the usual ones.</summary>
    private TRequest? ReadRecent(ReadOnlySpan<byte> message)
    {
        if (!TryFindToken(message, out var start, out var token))
        {
            return null;
        }

        var before = message[..start];
        var after = message[token.End..];
        if (before.Length + after.Length > LongestRest || recent.TextOf(message[token]) is not { } text)
        {
            return null;
        }

        Span<byte> rest = stackalloc byte[LongestRest];
        before.CopyTo(rest);
        after.CopyTo(rest[before.Length..]);
        var request = _parser.ParseFrom(rest[..(before.Length + after.Length)]);
        if (!isUnset(request))
        {
            return null;
        }

        put(request, text);
        return request;
    }

    /// <param name="message">The message.</param>
    /// <param name="start">Where the field begins.</param>
    /// <param name="token">Where its text is.</param>
    private static bool TryFindToken(ReadOnlySpan<byte> message, out int start, out Range token)
    {
        (start, token) = (0, default);
        while (start < message.Length)
        {
            var tag = message[start];
            var position = start + 1;
            // What is before the token is one short text, the realm's id; whatever else is read as ever.
            if (tag > sbyte.MaxValue || (tag & WireTypes) != LengthDelimited || !TryReadLength(message, ref position, out var length))
            {
                return false;
            }

            if (tag == TokenTag)
            {
                token = position..(position + length);
                return true;
            }

            start = position + length;
        }

        return false;
    }

    /// <summary>A length of one or two bytes that the message has as many bytes for.</summary>
    private static bool TryReadLength(ReadOnlySpan<byte> message, ref int position, out int length)
    {
        length = 0;
        for (var shift = 0; shift <= 7 && position < message.Length; shift += 7)
        {
            var part = message[position++];
            length |= (part & sbyte.MaxValue) << shift;
            if (part <= sbyte.MaxValue)
            {
                return length <= message.Length - position;
            }
        }

        return false;
    }
}
