using Pltfrms.Iam.Client.Feeds;

namespace Pltfrms.Iam.Client.Local;

/// <summary>A token whose signature was found good, and what was decided about it at the realm's latest state.</summary>
internal sealed class KnownToken(Common.Tokens.AccessToken claims, RealmKey key)
{
    private KnownAnswers? _answers;
    private long _notRevokedAt = -1;

    public Common.Tokens.AccessToken Claims => claims;

    public RealmKey Key => key;

    /// <summary>By the server's clock.</summary>
    public long ExpiresAtTicks { get; } = claims.ExpiresAt.UtcTicks;

    /// <summary>What was decided at a state; what was decided at another is forgotten.</summary>
    public KnownAnswers AnswersAt(RealmState state)
    {
        var known = Volatile.Read(ref _answers);
        return known is not null && ReferenceEquals(known.State, state) ? known : Renewed(state);
    }

    public bool IsRevoked(RevocationStream revocations)
    {
        // In this order: what is revoked after the number was read makes another number.
        var version = revocations.Version;
        if (Volatile.Read(ref _notRevokedAt) == version)
        {
            return false;
        }
        if (revocations.IsRevoked(claims))
        {
            return true;
        }
        Volatile.Write(ref _notRevokedAt, version);
        return false;
    }

    private KnownAnswers Renewed(RealmState state)
    {
        var renewed = new KnownAnswers(state);
        Volatile.Write(ref _answers, renewed);
        return renewed;
    }
}
