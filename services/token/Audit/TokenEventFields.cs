namespace Pltfrms.Iam.Token.Audit;

/// <summary>What an event is looked for by.</summary>
internal readonly record struct TokenEventFields
{
    /// <summary>The token that was issued or revoked; null: it is about none, or about one that was presented and refused.</summary>
    public AccessToken? Token { get; private init; }

    /// <summary>Empty: it is about no single token.</summary>
    public string TokenId { get; private init; }

    /// <summary>Empty: no user is concerned.</summary>
    public string UserId { get; private init; }

    public string? GrantId { get; private init; }

    /// <summary>The grant that all tokens of the family come from, or else the first of them; empty: the token itself is the first.</summary>
    public string FamilyId { get; private init; }

    public static TokenEventFields Of(TokenEvent happened)
    {
        var token = happened.Token;
        var presented = happened.Kind == TokenEventKind.Refused ? null : token;
        var (tokenId, grantId) = (presented?.TokenId ?? happened.TokenId ?? "", token?.GrantId ?? happened.GrantId);
        return new TokenEventFields
        {
            Token = presented,
            TokenId = tokenId,
            UserId = token?.UserId ?? happened.UserId ?? "",
            GrantId = grantId,
            FamilyId = FamilyOf(happened.Kind, token, tokenId, grantId),
        };
    }

    /// <summary>Of the ids of tokens and keys that a token comes from, those of tokens: the others are no UUIDs.</summary>
    public static bool IsTokenId(string parentId) => Guid.TryParseExact(parentId, "N", out _);

    private static string FamilyOf(TokenEventKind kind, AccessToken? token, string tokenId, string? grantId)
    {
        if (grantId is not null || token is null)
        {
            return grantId ?? "";
        }

        var first = token.ParentIds.LastOrDefault(IsTokenId) ?? token.TokenId;
        return first == tokenId && kind == TokenEventKind.Issued ? "" : first;
    }
}
