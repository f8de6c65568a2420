using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>The keys of one realm as the database had them at a time. Nothing of it changes; other keys are another object.</summary>
public sealed class RealmKeys
{
    private readonly RealmKey[] _keys;
    private readonly KeyTimes _times;
    private readonly DateTimeOffset _madeAt;

    /// <param name="version">The number of the last change to the realm's keys.</param>
    /// <param name="keys">Those that are not revoked.</param>
    /// <param name="rows">All of them.</param>
    /// <param name="times">How long announcements take.</param>
    /// <param name="verifiedTokens">Tokens that were found to be signed with one of the realm's keys.</param>
    public RealmKeys(long version, IEnumerable<RealmKey> keys, IReadOnlyList<SigningKeyRow> rows, KeyTimes times, VerifiedTokenCache verifiedTokens)
    {
        (Version, _keys, Rows, _times, VerifiedTokens) = (version, [.. keys], rows, times, verifiedTokens);
        _madeAt = KeyPlan.LastMadeAt(rows);
    }

    public long Version { get; }

    public IReadOnlyList<SigningKeyRow> Rows { get; }

    /// <summary>It says whose signature was good, not whether the key still is.</summary>
    public VerifiedTokenCache VerifiedTokens { get; }

    /// <summary>The key that signs at a time, for tokens that are valid for so long; null where there is none.</summary>
    public SigningKey? Signer(string algorithm, TimeSpan lifetime, DateTimeOffset now)
    {
        foreach (var (row, key) in _keys)
        {
            if (row.Algorithm == algorithm && lifetime <= row.LongestLifetime && StageOf(row, now) == KeyStage.Signing)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>When the next key that is announced begins to sign; null where none is.</summary>
    public DateTimeOffset? NextSignsFrom(string algorithm, DateTimeOffset now) =>
        Array.Find(_keys, key => key.Row.Algorithm == algorithm && StageOf(key.Row, now) == KeyStage.Announced)?.Row.SignsFrom;

    /// <summary>All that a token may be signed with now or soon, in the order in which they sign.</summary>
    public IEnumerable<SigningKey> Published(DateTimeOffset now) =>
        _keys.Where(key => IsPublished(key.Row, now)).Select(key => key.Key);

    /// <summary>
    /// The key whose tokens have exactly this JOSE header. Headers are compared and never parsed:
    /// no token of ours has another <c>alg</c> than its key's, another <c>typ</c> or order of members, or a key of another realm.
    /// </summary>
    public SigningKey? FindByHeader(ReadOnlySpan<byte> encodedHeader, DateTimeOffset now)
    {
        foreach (var (row, key) in _keys)
        {
            if (encodedHeader.SequenceEqual(key.EncodedHeader))
            {
                return IsPublished(row, now) ? key : null;
            }
        }

        return null;
    }

    /// <summary>A token that was verified before, as long as its key is still published; null: none. An opaque one has no key.</summary>
    public AccessToken? FindVerified(in TokenHash token, DateTimeOffset now) =>
        VerifiedTokens.Find(token) is { } verified && (verified.KeyId is null || IsPublished(verified.KeyId, now)) ? verified : null;

    private bool IsPublished(string keyId, DateTimeOffset now)
    {
        foreach (var (row, _) in _keys)
        {
            if (row.KeyId == keyId)
            {
                return IsPublished(row, now);
            }
        }

        return false;
    }

    /// <summary>Where a key is at a time. A clock that is behind that of the replica which made the last key is put forward to it.</summary>
    public KeyStage StageOf(SigningKeyRow key, DateTimeOffset now) => KeyStages.Of(key, now > _madeAt ? now : _madeAt, _times);

    private bool IsPublished(SigningKeyRow key, DateTimeOffset now) => StageOf(key, now) is KeyStage.Announced or KeyStage.Signing or KeyStage.Retiring;

    /// <summary>A key that has been opened before; null: it was not.</summary>
    public SigningKey? Find(string keyId) => Array.Find(_keys, key => key.Row.KeyId == keyId)?.Key;
}

/// <summary>A key with what is known of it.</summary>
public sealed record RealmKey(SigningKeyRow Row, SigningKey Key);
