using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>The views of realms that clients watch: one for all who may see the same.</summary>
public sealed class RealmViews
{
    private readonly RealmSnapshots _realms;
    private readonly FeedOptions _options;
    private readonly TimeSpan _staleAfter;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly FeedStreams<RealmView> _views;

    public RealmViews(RealmSnapshots realms, IOptions<FeedOptions> options, IOptions<RealmFeedOptions> realmOptions, TimeProvider clock, ILogger<RealmViews> log)
    {
        (_realms, _options, _staleAfter, _clock, _log) = (realms, options.Value, realmOptions.Value.StaleAfter, clock, log);
        _views = new(_options.MaxIdleStreams, clock);
        realms.Changed += change =>
        {
            foreach (var view in _views.OfRealm(change.After.RealmId))
            {
                view.Hear(change);
            }
        };
        realms.Dropped += _views.EndRealm;
    }

    /// <exception cref="Common.Errors.IamException">REALM_FEED_UNAVAILABLE where the realm was let go in this very moment.</exception>
    internal FeedStreams<RealmView>.Lease Join(string realmId, ViewAudiences audiences) =>
        _views.Join(realmId, audiences.Id, () => new RealmView(SourceOf(realmId), audiences));

    internal void Beat() => _views.Beat();

    private ViewSource SourceOf(string realmId) => new()
    {
        RealmId = realmId,
        Realms = _realms,
        Options = _options,
        StaleAfter = _staleAfter,
        Clock = _clock,
        Log = _log,
        Failed = view => _views.EndRealm(realmId),
    };
}
