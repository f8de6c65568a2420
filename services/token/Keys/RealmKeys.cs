using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>The keys of one realm, and the tokens that were found to be signed with them.</summary>
/// <param name="active">The key that signs.</param>
/// <param name="published">All that a token may be signed with, the active one included.</param>
/// <param name="verifiedTokens">Lives and dies with the keys: other keys, other cache.</param>
public sealed class RealmKeys(SigningKey active, IReadOnlyList<SigningKey> published, VerifiedTokenCache verifiedTokens)
{
    public SigningKey Active => active;

    public IReadOnlyList<SigningKey> Published => published;

    public VerifiedTokenCache VerifiedTokens => verifiedTokens;

    /// <summary>
    /// The key whose tokens have exactly this JOSE header. Headers are compared and never parsed:
    /// no token of ours has another <c>alg</c>, <c>typ</c>, order of members or a key of another realm.
    /// </summary>
    public SigningKey? FindByHeader(ReadOnlySpan<byte> encodedHeader)
    {
        for (var i = 0; i < published.Count; i++)
        {
            if (encodedHeader.SequenceEqual(published[i].EncodedHeader))
            {
                return published[i];
            }
        }

        return null;
    }
}
