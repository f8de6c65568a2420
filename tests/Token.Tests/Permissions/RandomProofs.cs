using Testing.Decisions;
using Token.Tests.ClientAuthentication;
using Token.Tests.Dpop;

namespace Token.Tests.Permissions;

/// <summary>Random DPoP proofs, good and bad ones (RFC 9449 section 4.3), and which of them are good still.</summary>
internal sealed class RandomProofs(RandomChoices random, TimeProvider clock)
{
    private const string Method = "GET";
    private const string Address = "https://api.example/things/1";

    private readonly ClientKey[] _keys = [ClientKey.Of("ES256", "one"), ClientKey.Of("ES256", "two")];
    private readonly List<string> _used = [];

    /// <summary>Of the keys that tokens may be bound to.</summary>
    public IReadOnlyList<string> Thumbprints => [.. _keys.Select(ProofMaker.ThumbprintOf)];

    /// <summary>Proofs that nothing is wrong with, each for the token that it was made for.</summary>
    public HashSet<string> Good { get; } = new(StringComparer.Ordinal);

    /// <summary>The same presentation with a proof: mostly where the token is bound to a key, and seldom where it is not.</summary>
    public TokenPresentation? Add(TokenPresentation? presentation, AccessToken? token, string text)
    {
        if (token is null || presentation is { IsVerified: true } || (token.Confirmation?.JwkThumbprint is null ? !random.OneIn(30) : random.OneIn(4)))
        {
            return presentation;
        }

        var shown = presentation ?? new() { CertificateThumbprint = token.Confirmation?.CertificateThumbprint };
        return shown with { DpopProof = Next(token, text), HttpMethod = Method, HttpUri = Address };
    }

    /// <summary>The same with a proof that is good in place of one that was used; now and then with that one.</summary>
    public TokenPresentation? Again(TokenPresentation? presentation, AccessToken? token, string text) =>
        token?.Confirmation?.JwkThumbprint is not null && presentation?.DpopProof is { } proof && _used.Contains(proof) && !random.OneIn(4)
            ? presentation with { DpopProof = Keep(MakerFor(token, text).Make()) }
            : presentation;

    /// <summary>It was presented with its token, and what it proved was believed.</summary>
    public void Use(TokenPresentation? presentation)
    {
        if (presentation?.DpopProof is { } proof && Good.Remove(proof))
        {
            _used.Add(proof);
        }
    }

    private string Next(AccessToken token, string text)
    {
        var maker = MakerFor(token, text);
        return random.Below(12) switch
        {
            0 => (maker with { Key = _keys[0] == maker.Key ? _keys[1] : _keys[0] }).Make(),
            1 => (maker with { Method = "POST" }).Make(),
            2 => (maker with { Address = "https://api.example/things/2" }).Make(),
            3 => (maker with { AccessToken = "another" }).Make(),
            4 => (maker with { AccessToken = null }).Make(),
            5 => (maker with { Now = maker.Now.AddSeconds(random.Pick(-31, 31)) }).Make(),
            6 when _used.Count > 0 => random.Pick(_used),
            _ when token.Confirmation?.JwkThumbprint is null => maker.Make(),
            _ => Keep(maker.Make()),
        };
    }

    private ProofMaker MakerFor(AccessToken token, string text) =>
        new(_keys.FirstOrDefault(key => ProofMaker.ThumbprintOf(key) == token.Confirmation?.JwkThumbprint) ?? _keys[0], Method, Address, clock.GetUtcNow()) { AccessToken = text };

    private string Keep(string proof)
    {
        Good.Add(proof);
        return proof;
    }
}
