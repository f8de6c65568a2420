using Pltfrms.Iam.Client.Feeds;

namespace Pltfrms.Iam.Client.Local;

/// <summary>What there is to decide with, all of one moment.</summary>
/// <param name="State">The realm.</param>
/// <param name="Token">Null: it is expired or revoked.</param>
/// <param name="ServerTicks">The time, by the server's clock.</param>
internal readonly record struct Found(RealmState State, KnownToken? Token, long ServerTicks)
{
    public DateTimeOffset ServerTime => new(ServerTicks, TimeSpan.Zero);
}
