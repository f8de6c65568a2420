namespace Pltfrms.Iam.Token.Feeds;

/// <summary>One event of a stream that many watch.</summary>
/// <param name="Message">Null: the stream begins anew here, and who comes to this place needs everything.</param>
/// <param name="From">The position that it follows.</param>
/// <param name="To">The highest position that is in it.</param>
internal readonly record struct FeedEvent(EncodedMessage? Message, long From, long To);
