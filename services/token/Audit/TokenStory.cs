using Pltfrms.Iam.Common;
using Pltfrms.Iam.Token.Grants;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// The story of one token: how the grant came to be that it is of, every token that it was exchanged from, what was exchanged from it, and the end
/// of any of them. Not those that came of the same grant on other ways.
/// </summary>
public sealed record TokenStory
{
    private readonly string _tokenId;
    private readonly string _familyId;
    private readonly ValueList<string> _parents;

    /// <param name="issued">The token's issue; null: it is not known any more, and its descendants alone are told of.</param>
    /// <param name="tokenId">The token.</param>
    public TokenStory(TokenEventRow? issued, string tokenId)
    {
        _tokenId = tokenId;
        _familyId = issued is { FamilyId.Length: > 0 } ? issued.FamilyId : tokenId;
        _parents = issued is null ? [] : TokenEventDetails.Read(issued.Details).ParentTokenIds ?? [];
    }

    /// <summary>The families to look in.</summary>
    public ValueList<string> Families => [_familyId, _tokenId, .. _parents];

    /// <summary>The tokens whose issue is part of it, wherever it is.</summary>
    public ValueList<string> Tokens => [_tokenId, _familyId, .. _parents];

    public bool Tells(TokenEventRow happened)
    {
        if (happened.TokenId.Length > 0 && (happened.TokenId == _tokenId || _parents.AsSpan().Contains(happened.TokenId)))
        {
            return true;
        }

        var details = TokenEventDetails.Read(happened.Details);
        if (details.ParentTokenIds is { } parents)
        {
            return parents.AsSpan().Contains(_tokenId);
        }

        // Of the grant: its end, what was tried with it, and the first token, with which it began.
        return happened.FamilyId == _familyId
            && (happened.TokenId.Length == 0 || details.GrantType is AuthorizationCodeGrant.Name or DeviceCodeGrant.Name);
    }
}
