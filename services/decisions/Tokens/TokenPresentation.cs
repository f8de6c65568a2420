namespace Pltfrms.Iam.Common.Tokens;

/// <summary>How an access token was presented to a resource server, which says so.</summary>
public sealed record TokenPresentation
{
    /// <summary>RFC 9449 section 7.1; null: none came with the token.</summary>
    public string? DpopProof { get; init; }

    /// <summary>Of the request that the proof came with.</summary>
    public string HttpMethod { get; init; } = "";

    public string HttpUri { get; init; } = "";

    /// <summary>The <c>x5t#S256</c> of the certificate with whose key the connection was made; null: none.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>That the resource server has verified it all itself.</summary>
    public bool IsVerified { get; init; }

    /// <summary>Without the proof, for a log that prints the record after all.</summary>
    public override string ToString() => "TokenPresentation";
}
