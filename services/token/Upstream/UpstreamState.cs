namespace Pltfrms.Iam.Token.Upstream;

/// <summary>What a browser is sent to the provider with.</summary>
/// <param name="State">Names the request, and is known to this browser and the provider only.</param>
/// <param name="Nonce">Ties the id token to this login (OpenID Connect Core section 3.1.2.1).</param>
/// <param name="CodeVerifier">Ties the code to this login (RFC 7636).</param>
public sealed record UpstreamState(string State, string Nonce, string CodeVerifier)
{
    /// <summary>For a log that prints the record after all.</summary>
    public override string ToString() => nameof(UpstreamState);
}
