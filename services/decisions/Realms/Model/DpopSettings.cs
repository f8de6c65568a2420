namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>What a realm demands of tokens that are bound to a key (RFC 9449).</summary>
public sealed record DpopSettings
{
    /// <summary>Whether every client must prove to have a key, which its access tokens are then bound to.</summary>
    public bool Required { get; init; }

    /// <summary>Whether proofs must carry a nonce of the server's (section 8), so that none is made long before it is used.</summary>
    public bool RequireNonce { get; init; }
}
