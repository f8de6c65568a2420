using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// An event as it will be stored, but for its place and its hash. Whoever was there when it happened makes it, while all that it speaks of is at hand, so that
/// what waits to be written is small and holds on to nothing.
/// </summary>
internal sealed class TokenEventRecord
{
    public required string RealmId { get; init; }

    /// <summary>Of a token's issue it is the token's id; else one of its own of the same form.</summary>
    public required string EventId { get; init; }

    public required DateTimeOffset HappenedAt { get; init; }

    public required TimeSpan Retention { get; init; }

    public DateTimeOffset ExpiresAt => HappenedAt + Retention;

    public required TokenEventKind Kind { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: no user is concerned.</summary>
    public required string UserId { get; init; }

    /// <summary>Empty: it is about no single token.</summary>
    public required string TokenId { get; init; }

    /// <summary>The grant that all tokens of the family come from, or else the first of them; empty: the token itself is the first.</summary>
    public required string FamilyId { get; init; }

    /// <summary><see cref="TokenEventDetails"/> as JSON in UTF-8.</summary>
    public required byte[] Details { get; init; }

    public static TokenEventRecord Of(TokenEvent happened)
    {
        var fields = TokenEventFields.Of(happened);
        return new()
        {
            RealmId = happened.Realm.RealmId,
            EventId = happened.EventId,
            HappenedAt = happened.HappenedAt,
            Retention = happened.Realm.AuditSettings.TokenEventRetention,
            Kind = happened.Kind,
            ClientId = happened.ClientId,
            UserId = fields.UserId,
            TokenId = fields.TokenId,
            FamilyId = fields.FamilyId,
            Details = DetailsOf(happened, fields),
        };
    }

    private static byte[] DetailsOf(TokenEvent happened, in TokenEventFields fields)
    {
        using var scratch = JsonScratch.Rent();
        TokenEventJson.WriteDetails(scratch.Writer, happened, fields);
        return scratch.Written().ToArray();
    }
}
