namespace Pltfrms.Iam.Token.Dpop;

/// <summary>What became of a proof.</summary>
/// <param name="Thumbprint">Of the key that its sender has (RFC 7638); null: nothing is proven.</param>
/// <param name="Refusal">What is wrong, as the end of a sentence that begins with the proof; null: nothing.</param>
public readonly record struct DpopOutcome(string? Thumbprint, string? Refusal)
{
    /// <summary>Whether nothing is wrong but that the server's nonce is missing or old.</summary>
    public bool LacksNonce { get; private init; }

    internal static DpopOutcome WithoutNonce => new(null, "has no nonce of the server's, or an old one") { LacksNonce = true };

    internal static DpopOutcome Proven(string thumbprint) => new(thumbprint, null);

    internal static DpopOutcome Refused(string why) => new(null, why);
}
