namespace Pltfrms.Iam.Client.Decisions;

/// <summary>What an answer that is kept is good for.</summary>
/// <param name="Revision">Of the realm, that it reflects.</param>
/// <param name="Until">In this side's time, which only ever moves on: <see cref="Feeds.FeedClock.Now"/>.</param>
/// <param name="Changes">How many changes had been heard of when it was asked for; with another one it is over.</param>
internal readonly record struct KeptUntil(long Revision, long Until, long Changes);
