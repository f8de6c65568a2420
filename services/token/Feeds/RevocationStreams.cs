using Microsoft.Extensions.Options;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>The revocations of realms that clients watch.</summary>
public sealed class RevocationStreams
{
    private readonly Revocations _revocations;
    private readonly FeedOptions _options;
    private readonly TimeSpan _staleAfter;
    private readonly TimeProvider _clock;
    private readonly FeedStreams<RevocationStream> _streams;

    public RevocationStreams(Revocations revocations, IOptions<FeedOptions> options, TokenOptions tokenOptions, TimeProvider clock)
    {
        (_revocations, _options, _staleAfter, _clock) = (revocations, options.Value, tokenOptions.RevocationStaleAfter, clock);
        _streams = new(_options.MaxIdleStreams, clock);
        revocations.Heard += news =>
        {
            foreach (var stream in _streams.OfRealm(news.RealmId))
            {
                stream.Hear(news);
            }
        };
        revocations.Forgotten += _streams.EndRealm;
    }

    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE.</exception>
    internal async ValueTask<FeedStreams<RevocationStream>.Lease> JoinAsync(string realmId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = await _revocations.LoadAsync(realmId, cancellationToken);
            var lease = _streams.Join(realmId, "", () => new RevocationStream(known, _options, _staleAfter, _clock));
            if (ReferenceEquals(_revocations.Find(realmId), lease.Stream.Known))
            {
                return lease;
            }

            // The realm was let go meanwhile, and nobody tells this one of what is heard of it from now on.
            lease.Dispose();
            _streams.EndRealm(realmId);
        }
    }

    internal void Beat() => _streams.Beat();
}
