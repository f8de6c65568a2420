namespace Pltfrms.Iam.Token.Keys;

/// <summary>Where a key is in its life.</summary>
public enum KeyStage
{
    /// <summary>Published, so that everybody knows it before the first token signed with it.</summary>
    Announced,

    /// <summary>Published, and signs.</summary>
    Signing,

    /// <summary>Signs no more; published until its last token has expired.</summary>
    Retiring,

    /// <summary>No token of it is valid any more: to be erased.</summary>
    Retired,

    /// <summary>Not published, and its tokens are refused.</summary>
    Revoked,
}

/// <summary>Decides a key's stage, from its row and the time and nothing else: all replicas come to the same answer.</summary>
public static class KeyStages
{
    public static KeyStage Of(SigningKeyRow key, DateTimeOffset now, KeyTimes times)
    {
        if (key.RevokedAt is not null)
        {
            return KeyStage.Revoked;
        }

        if (now < key.SignsFrom)
        {
            return KeyStage.Announced;
        }

        if (key.SignsUntil is not { } until || now < until)
        {
            return KeyStage.Signing;
        }

        return now < LastTokenExpires(key, until, times) ? KeyStage.Retiring : KeyStage.Retired;
    }

    /// <summary>When nothing depends on the key any more and its row can go; null: not as things are.</summary>
    public static DateTimeOffset? EndsAt(SigningKeyRow key, KeyTimes times) =>
        (key.RevokedAt ?? key.SignsUntil) is { } until ? LastTokenExpires(key, until, times) : null;

    /// <remarks>A replica that has not heard of the successor signs on for less than the announcement takes.</remarks>
    private static DateTimeOffset LastTokenExpires(SigningKeyRow key, DateTimeOffset until, KeyTimes times) =>
        until + key.LongestLifetime + times.Announcement;
}
