using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>What the views of one realm are made with.</summary>
internal sealed class ViewSource
{
    /// <summary>How long an encoded snapshot is kept after somebody took it.</summary>
    public static readonly TimeSpan SnapshotKeptFor = TimeSpan.FromSeconds(10);

    public required string RealmId { get; init; }

    public required RealmSnapshots Realms { get; init; }

    public required FeedOptions Options { get; init; }

    /// <summary>How old what is known of the realm may be for a heartbeat.</summary>
    public required TimeSpan StaleAfter { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>Told of a view that cannot go on.</summary>
    public required Action<RealmView> Failed { get; init; }

    /// <summary>The realm as it is in memory, which is a use of it; null: it is not there any more.</summary>
    public KnownRealm? FindKnown() => Realms.Find(RealmId);

    /// <exception cref="IamException">REALM_FEED_UNAVAILABLE.</exception>
    public KnownRealm Known() => FindKnown() is { Snapshot: not null } known
        ? known
        : throw new IamException(ErrorReason.RealmFeedUnavailable, "The realm's current state is not known; try again.")
        {
            Metadata = new Dictionary<string, string> { ["realm_id"] = RealmId },
        };
}
