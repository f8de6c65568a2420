using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>What happened to a key.</summary>
public sealed record KeyEvent
{
    public required string RealmId { get; init; }

    /// <summary>Ordered by time.</summary>
    public required string EventId { get; init; }

    public required string KeyId { get; init; }

    public required string Algorithm { get; init; }

    public required KeyEventKind Kind { get; init; }

    public required string ActorKind { get; init; }

    public required string ActorId { get; init; }

    public required DateTimeOffset HappenedAt { get; init; }

    /// <summary>The events of a plan that is carried out.</summary>
    public static IEnumerable<KeyEvent> Of(KeyPlan plan, KeyActor actor, DateTimeOffset now) =>
    [
        .. plan.Changed.Where(change => change is { Before.RevokedAt: null, After.RevokedAt: not null }).Select(change => New(change.After, KeyEventKind.Revoked, actor, now)),
        .. plan.Changed.Where(change => change.After.SignsFrom < change.Before.SignsFrom).Select(change => New(change.After, KeyEventKind.BroughtForward, actor, now)),
        .. plan.Added.Select(key => New(key, KeyEventKind.Made, actor, now)),
        .. plan.Removed.Select(key => New(key, KeyEventKind.Erased, actor, now)),
    ];

    private static KeyEvent New(SigningKeyRow key, KeyEventKind kind, KeyActor actor, DateTimeOffset now) => new()
    {
        RealmId = key.RealmId,
        EventId = TimeOrderedId.New(now),
        KeyId = key.KeyId,
        Algorithm = key.Algorithm,
        Kind = kind,
        ActorKind = actor.Kind,
        ActorId = actor.Id,
        HappenedAt = now,
    };
}

public enum KeyEventKind
{
    /// <summary>Made and published.</summary>
    Made,

    /// <summary>Signs earlier than planned: a rotation that somebody asked for, or because the key before it was revoked.</summary>
    BroughtForward,

    Revoked,

    /// <summary>No token depended on it any more.</summary>
    Erased,
}
