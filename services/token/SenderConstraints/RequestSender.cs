using Pltfrms.Iam.Token.Dpop;

namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>Reads what an HTTP request carries to show which keys its sender has.</summary>
public static class RequestSender
{
    /// <param name="context">The request.</param>
    /// <param name="certificateThumbprint">Of the certificate that the client came with, as whoever read it says; null: none.</param>
    /// <exception cref="Common.Errors.IamException">INVALID_DPOP_PROOF where there are several proofs.</exception>
    public static SenderEvidence Of(HttpContext context, string? certificateThumbprint) =>
        SenderEvidence.Of(DpopHeader.Of(context.Request), certificateThumbprint);
}
