using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>An event as it is stored.</summary>
public sealed record TokenEventRow
{
    public required string RealmId { get; init; }

    /// <summary>Of a token's issue it is the token's id; else one of its own of the same form.</summary>
    public required string EventId { get; init; }

    /// <summary>Its place among the realm's events, in the order in which they became visible. The database gives it.</summary>
    public long Sequence { get; init; }

    public required DateTimeOffset HappenedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Kind { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: no user is concerned.</summary>
    public required string UserId { get; init; }

    /// <summary>Empty: it is about no single token.</summary>
    public required string TokenId { get; init; }

    /// <summary>The grant that all tokens of the family come from, or else the first of them; empty: the token itself is the first.</summary>
    public required string FamilyId { get; init; }

    /// <summary><see cref="TokenEventDetails"/>.</summary>
    public required string Details { get; init; }

    /// <summary>Which replica's chain it is in, since which start.</summary>
    public string ChainId { get; init; } = "";

    /// <summary>Its place in that chain, from 1.</summary>
    public long ChainNumber { get; init; }

    public string Hash { get; init; } = "";

    /// <param name="happened">What the request left.</param>
    public static TokenEventRow Of(TokenEvent happened)
    {
        var token = happened.Token;
        var presented = happened.Kind == TokenEventKind.Refused ? null : token;
        var (tokenId, grantId) = (presented?.TokenId ?? happened.TokenId ?? "", token?.GrantId ?? happened.GrantId);
        return new TokenEventRow
        {
            RealmId = happened.Realm.RealmId,
            EventId = happened.Kind == TokenEventKind.Issued && tokenId.Length > 0 ? tokenId : Guid.CreateVersion7(happened.HappenedAt).ToString("N"),
            HappenedAt = happened.HappenedAt,
            ExpiresAt = happened.HappenedAt + happened.Realm.AuditSettings.TokenEventRetention,
            Kind = happened.Kind.ToString(),
            ClientId = happened.ClientId,
            UserId = token?.UserId ?? happened.UserId ?? "",
            TokenId = tokenId,
            FamilyId = FamilyOf(happened.Kind, token, tokenId, grantId),
            Details = (DetailsOf(happened, presented) with { GrantId = grantId }).Write(),
        };
    }

    /// <summary>Of the ids of tokens and keys that a token comes from, those of tokens: the others are no UUIDs.</summary>
    public static ValueList<string> ParentsOf(AccessToken token) => [.. token.ParentIds.Where(id => Guid.TryParseExact(id, "N", out _))];

    private static string FamilyOf(TokenEventKind kind, AccessToken? token, string tokenId, string? grantId)
    {
        if (grantId is not null || token is null)
        {
            return grantId ?? "";
        }

        var first = ParentsOf(token) is { Count: > 0 } parents ? parents[^1] : token.TokenId;
        return first == tokenId && kind == TokenEventKind.Issued ? "" : first;
    }

    private static TokenEventDetails DetailsOf(TokenEvent happened, AccessToken? token) => new()
    {
        GrantType = happened.GrantType,
        Subject = token is null ? null : ActorOf(token.Subject),
        OrganizationId = token?.OrganizationId ?? happened.OrganizationId,
        Scopes = NullIfEmpty(token?.Scopes ?? happened.Scopes),
        Audiences = token is null ? null : NullIfEmpty(token.Audiences),
        ParentTokenIds = token is not null ? NullIfEmpty(ParentsOf(token))
            : happened.Token is { } presented ? [presented.TokenId, .. ParentsOf(presented)]
            : null,
        Actors = token is { Actors.Count: > 0 } ? [.. token.Actors.Select(ActorOf)] : null,
        TokenExpiresAt = token?.ExpiresAt,
        Rule = happened.Rule,
        Revision = happened.Revision == 0 ? null : happened.Revision,
        Reason = happened.Reason,
        RevokerKind = happened.By?.Kind,
        RevokerId = happened.By?.Id,
        RevokerClientId = happened.By?.ClientId,
        RevokerActChain = happened.By is { } by ? NullIfEmpty(by.ActChain) : null,
        SourceAddress = (happened.SourceAddress ?? happened.By?.SourceAddress)?.ToString(),
        CorrelationId = happened.CorrelationId ?? happened.By?.CorrelationId,
    };

    private static ValueList<string>? NullIfEmpty(IReadOnlyList<string> items) => items.Count == 0 ? null : items as ValueList<string> ?? [.. items];

    private static TokenEventActor ActorOf(Principal principal) => new(principal.Id, principal.Type == MemberType.User ? TokenEventActor.User : TokenEventActor.Client);
}
