namespace Pltfrms.Iam.Token.Keys;

/// <summary>
/// What becomes of a realm's keys: a key always has a successor that is announced long before it signs, so that a rotation and even the loss of a
/// key wait for nobody. Pure: rows and a time in, rows out.
/// </summary>
/// <remarks>For each algorithm the keys take over from one another without a gap: the end of one is the start of the next. What has ended stays ended.</remarks>
public sealed class KeyPlan
{
    private readonly Dictionary<string, SigningKeyRow> _before;
    private readonly Dictionary<string, SigningKeyRow> _keys;
    private readonly DateTimeOffset _now;
    private readonly KeyTimes _times;

    public KeyPlan(IReadOnlyList<SigningKeyRow> keys, DateTimeOffset now, KeyTimes times)
    {
        _before = keys.ToDictionary(key => key.KeyId, StringComparer.Ordinal);
        _keys = new(_before, StringComparer.Ordinal);
        (_now, _times) = (Later(now, LastMadeAt(keys)), times);
    }

    /// <summary>Makes a row for a new key.</summary>
    /// <param name="algorithm">The key's.</param>
    /// <param name="signsFrom">When it begins to sign.</param>
    /// <param name="longestLifetime">That of the keys before it; zero where there are none.</param>
    public delegate SigningKeyRow NewKey(string algorithm, DateTimeOffset signsFrom, TimeSpan longestLifetime);

    public IEnumerable<SigningKeyRow> Added => _keys.Values.Where(key => !_before.ContainsKey(key.KeyId));

    public IEnumerable<(SigningKeyRow Before, SigningKeyRow After)> Changed =>
        from key in _keys.Values
        where _before.TryGetValue(key.KeyId, out var before) && before != key
        select (_before[key.KeyId], key);

    public IEnumerable<SigningKeyRow> Removed => _before.Values.Where(key => !_keys.ContainsKey(key.KeyId));

    public bool IsEmpty => !Added.Any() && !Changed.Any() && !Removed.Any();

    /// <summary>When the last key was made: no earlier time is right, whatever the clock of a replica says.</summary>
    public static DateTimeOffset LastMadeAt(IReadOnlyList<SigningKeyRow> keys) => keys.Count == 0 ? default : keys.Max(key => key.CreatedAt);

    /// <summary>Whether <see cref="Keep"/> would change anything.</summary>
    public static bool IsDue(IReadOnlyList<SigningKeyRow> keys, TimeSpan interval, DateTimeOffset now, KeyTimes times)
    {
        foreach (var key in keys)
        {
            if (KeyStages.EndsAt(key, times) <= now)
            {
                return true;
            }

            if (key.RevokedAt is null && (key.SignsUntil is { } until ? IsLate(key, until) : NeedsSuccessor(key, now, times)))
            {
                return true;
            }
        }

        return false;

        // The successor was planned for a longer interval.
        bool IsLate(SigningKeyRow key, DateTimeOffset until) =>
            now < until
            && keys.FirstOrDefault(next => next.Algorithm == key.Algorithm && next.RevokedAt is null && next.SignsFrom == until) is { } successor
            && Earlier(successor, key.SignsFrom + interval, now, times) < until;
    }

    /// <summary>The regular care: successors where they are missing, earlier ones where the interval became shorter, and the end of what has expired.</summary>
    public void Keep(TimeSpan interval, NewKey newKey)
    {
        EraseEnded();
        foreach (var algorithm in _keys.Values.Select(key => key.Algorithm).Distinct().Order(StringComparer.Ordinal).ToList())
        {
            KeepOne(algorithm, interval, newKey);
        }
    }

    public void EraseEnded()
    {
        foreach (var key in _keys.Values.Where(key => KeyStages.EndsAt(key, _times) <= _now).ToList())
        {
            _keys.Remove(key.KeyId);
        }
    }

    /// <summary>Whether a key signs now.</summary>
    public bool Signs(string keyId) => _keys.TryGetValue(keyId, out var key) && KeyStages.Of(key, _now, _times) == KeyStage.Signing;

    /// <summary>A key for an algorithm that the realm has none for. The first of a realm signs at once: no replica has read the realm's keys before.</summary>
    public void Provide(string algorithm, TimeSpan interval, TimeSpan lifetime, NewKey newKey)
    {
        if (Current(algorithm).Count == 0)
        {
            Add(newKey(algorithm, _before.Count == 0 ? _now : _now + _times.Spreading, lifetime));
        }

        KeepOne(algorithm, interval, newKey);
    }

    /// <summary>The next key takes over as soon as it has been announced for long enough, which is at once but shortly after a rotation.</summary>
    public void Rotate(string algorithm, TimeSpan interval, NewKey newKey)
    {
        if (Current(algorithm).Find(key => _now < key.SignsFrom) is { } next)
        {
            MoveTo(next, Earlier(next, _now, _now, _times));
        }

        KeepOne(algorithm, interval, newKey);
    }

    /// <summary>The key is good for nothing from now on. Where it signed, the next one takes over, however short it is announced.</summary>
    public void Revoke(string keyId, TimeSpan interval, NewKey newKey)
    {
        if (!_keys.TryGetValue(keyId, out var key) || key.RevokedAt is not null)
        {
            return;
        }

        var signed = KeyStages.Of(key, _now, _times) == KeyStage.Signing;
        _keys[keyId] = key with { RevokedAt = _now, EncryptedPrivateKey = [] };
        if (signed && Current(key.Algorithm) is [var next, ..] && _now < next.SignsFrom)
        {
            MoveTo(next, Later(_now, next.CreatedAt + _times.Spreading));
        }

        if (signed && Current(key.Algorithm).Count == 0)
        {
            Add(newKey(key.Algorithm, _now + _times.Spreading, key.LongestLifetime));
        }

        KeepOne(key.Algorithm, interval, newKey);
    }

    /// <summary>Lets a key sign tokens that are valid for longer than it was known to.</summary>
    public void Lengthen(string keyId, TimeSpan lifetime)
    {
        if (_keys.TryGetValue(keyId, out var key) && key.LongestLifetime < lifetime)
        {
            _keys[keyId] = key with { LongestLifetime = lifetime };
        }
    }

    /// <summary>Whether the last key in line signs already, or will before another could take over from it.</summary>
    private static bool NeedsSuccessor(SigningKeyRow last, DateTimeOffset now, KeyTimes times) =>
        last.SignsFrom <= now || last.SignsFrom < now + times.Announcement;

    private static DateTimeOffset Earlier(SigningKeyRow key, DateTimeOffset wanted, DateTimeOffset now, KeyTimes times)
    {
        var possible = Later(Later(wanted, now), key.CreatedAt + times.Announcement);
        return possible < key.SignsFrom ? possible : key.SignsFrom;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private void KeepOne(string algorithm, TimeSpan interval, NewKey newKey)
    {
        var current = Current(algorithm);
        for (var i = 1; i < current.Count; i++)
        {
            if (_now < current[i].SignsFrom)
            {
                MoveTo(current[i], Earlier(current[i], current[i - 1].SignsFrom + interval, _now, _times));
                current = Current(algorithm);
            }
        }

        while (current.Count > 0 && current[^1] is var last && NeedsSuccessor(last, _now, _times))
        {
            Add(newKey(algorithm, Later(last.SignsFrom + interval, _now + _times.Announcement), last.LongestLifetime));
            current = Current(algorithm);
        }

        Link(current);
    }

    /// <summary>Those that sign or will, in their order.</summary>
    private List<SigningKeyRow> Current(string algorithm) =>
    [
        .. from key in _keys.Values
           where key.Algorithm == algorithm && KeyStages.Of(key, _now, _times) is KeyStage.Announced or KeyStage.Signing
           orderby key.SignsFrom, key.KeyId
           select key,
    ];

    private void Link(List<SigningKeyRow> current)
    {
        for (var i = 0; i < current.Count; i++)
        {
            _keys[current[i].KeyId] = current[i] with { SignsUntil = i + 1 < current.Count ? current[i + 1].SignsFrom : null };
        }
    }

    private void MoveTo(SigningKeyRow key, DateTimeOffset signsFrom) => _keys[key.KeyId] = key with { SignsFrom = signsFrom };

    private void Add(SigningKeyRow key) => _keys.Add(key.KeyId, key);
}
