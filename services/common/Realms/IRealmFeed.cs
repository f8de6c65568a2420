using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>Where realms come from.</summary>
public interface IRealmFeed
{
    /// <summary>Streams a realm: a snapshot or, after a revision that the source still knows, deltas; then every change, with heartbeats between.</summary>
    /// <param name="realmId">The realm.</param>
    /// <param name="after">What the caller has.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="Errors.IamException">
    /// REALM_NOT_FOUND: there is no such realm, or not that one any more. Anything else is an outage.
    /// </exception>
    IAsyncEnumerable<RealmFeedEvent> WatchAsync(string realmId, RealmPosition after, CancellationToken cancellationToken);

    /// <summary>
    /// Streams where realms are, so that their own streams need not say so again and again. A source whose streams do says nothing here.
    /// </summary>
    /// <param name="followed">Which realms, as they come and go.</param>
    /// <param name="cancellationToken">Ends the stream. Every exception is an outage.</param>
    async IAsyncEnumerable<RealmsConfirmed> ConfirmAsync(
        ChannelReader<FollowedRealm> followed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }

    /// <summary>The realm that has a host name of its own; null: none has. What is no host name is no realm's.</summary>
    /// <param name="hostName">In lower case, with a port where it is not the scheme's.</param>
    /// <param name="cancellationToken">Ends the call. Every exception is an outage.</param>
    Task<string?> ResolveHostAsync(string hostName, CancellationToken cancellationToken);
}

/// <summary>One event of a realm's stream: one of the three types nested here.</summary>
public abstract record RealmFeedEvent
{
    private RealmFeedEvent()
    {
    }

    /// <summary>The realm's revision with this event, and its latest when the event was sent: having it is being current.</summary>
    public required long Revision { get; init; }

    /// <summary>A part of a snapshot, which replaces everything before it.</summary>
    public sealed record SnapshotPart : RealmFeedEvent
    {
        public required IReadOnlyList<IRealmResource> Resources { get; init; }

        public required bool IsLast { get; init; }
    }

    /// <summary>What one or several consecutive revisions changed.</summary>
    public sealed record Delta : RealmFeedEvent
    {
        public required IReadOnlyList<IRealmResource> Upserts { get; init; }

        public required IReadOnlyList<(ResourceKind Kind, string Id)> Deletes { get; init; }
    }

    /// <summary>Nothing changed.</summary>
    public sealed record Heartbeat : RealmFeedEvent;
}
