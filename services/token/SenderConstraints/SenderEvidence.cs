namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>What a request carries, besides the client's credentials, to show which keys its sender has: the same record from REST and gRPC.</summary>
public sealed record SenderEvidence
{
    /// <summary>A request that shows nothing.</summary>
    public static SenderEvidence None { get; } = new();

    /// <summary>A DPoP proof (RFC 9449 section 4.1), of which nothing is verified; null: none.</summary>
    public string? DpopProof { get; init; }

    /// <summary>The <c>x5t#S256</c> of the certificate with whose key the connection was made; null: none.</summary>
    public string? CertificateThumbprint { get; init; }

    public static SenderEvidence Of(string? dpopProof, string? certificateThumbprint) => dpopProof is null && certificateThumbprint is null
        ? None
        : new SenderEvidence { DpopProof = dpopProof, CertificateThumbprint = certificateThumbprint };

    /// <summary>Without the proof, for a log that prints the record after all.</summary>
    public override string ToString() => "SenderEvidence";
}
