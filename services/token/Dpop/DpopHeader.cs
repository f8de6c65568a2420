using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Dpop;

/// <summary>The headers of RFC 9449 sections 4.1 and 8.1.</summary>
public static class DpopHeader
{
    public const string Proof = "DPoP";
    public const string Nonce = "DPoP-Nonce";

    /// <summary>The proof of a request; null: there is none.</summary>
    /// <exception cref="IamException">INVALID_DPOP_PROOF where there are several (section 4.3, item 1), or an empty one.</exception>
    public static string? Of(HttpRequest request)
    {
        var values = request.Headers[Proof];
        return values.Count switch
        {
            0 => null,
            1 when values[0] is { Length: > 0 } proof => proof,
            1 => throw Refused("is empty"),
            _ => throw Refused("comes more than once"),
        };
    }

    /// <param name="why">The end of a sentence that begins with the proof.</param>
    public static IamException Refused(string why) => new(ErrorReason.InvalidDpopProof, $"The DPoP proof {why}.");
}
