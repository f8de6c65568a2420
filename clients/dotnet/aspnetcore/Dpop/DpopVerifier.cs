using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Pltfrms.Iam.Client.AspNetCore.Authentication;

namespace Pltfrms.Iam.Client.AspNetCore.Dpop;

/// <summary>RFC 9449 sections 4.3 and 7.1: a proof is of the token's key, for this request and this token, fresh, and seen for the first time.</summary>
internal sealed class DpopVerifier(SeenProofs seen, DpopNonces nonces, TimeProvider clock)
{
    /// <summary>How far a sender's clock may be ahead.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(10);

    /// <summary>Null: the proof is good.</summary>
    public Refusal? Refuse(HttpRequest request, string token, string thumbprint, IamAuthenticationOptions options)
    {
        if (request.Headers["DPoP"] is not [{ Length: > 0 } text])
        {
            return Invalid("there is none, or more than one");
        }
        DpopProof proof;
        try
        {
            proof = DpopProof.Parse(text);
        }
        catch (FormatException fault)
        {
            return Invalid(fault.Message);
        }
        return Mismatch(request, token, thumbprint, proof) is { } what ? Invalid(what)
            : NotNow(proof, options) ?? NotOnce(proof, options);
    }

    private static string? Mismatch(HttpRequest request, string token, string thumbprint, DpopProof proof) =>
        proof.Thumbprint != thumbprint ? "it is of another key than the token's"
        : proof.Method != request.Method ? "htm is another method"
        : !IsAddressOf(request, proof.Address) ? "htu is another address"
        : proof.TokenHash != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token))) ? "ath is another token's"
        : null;

    private Refusal? NotNow(DpopProof proof, IamAuthenticationOptions options)
    {
        if (options.RequireDpopNonce && !nonces.IsGood(proof.Nonce))
        {
            return new(RefusalKind.InvalidToken, "A nonce of this server is needed in the DPoP proof.") { Error = "use_dpop_nonce" };
        }
        // In numbers: not all that a sender may write is a time.
        var age = clock.GetUtcNow().ToUnixTimeSeconds() - proof.IssuedAt;
        return age > options.DpopProofLifetime.TotalSeconds || age < -Ahead.TotalSeconds ? Invalid("iat is too long ago or ahead") : null;
    }

    private Refusal? NotOnce(DpopProof proof, IamAuthenticationOptions options) =>
        seen.Add(proof.Thumbprint, proof.Id, options.DpopProofLifetime + Ahead + Ahead, options.MaxRememberedProofs) switch
        {
            SeenProofs.Outcome.First => null,
            SeenProofs.Outcome.Again => Invalid("it was used before"),
            _ => Refusal.Outage,
        };

    /// <summary>Without query and fragment, normalized as RFC 3986 section 6.2 says.</summary>
    private static bool IsAddressOf(HttpRequest request, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var claimed)
        && claimed.UserInfo is ""
        && Uri.TryCreate(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path), UriKind.Absolute, out var own)
        && Uri.Compare(claimed, own, UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped, StringComparison.Ordinal) == 0;

    private static Refusal Invalid(string what) => new(RefusalKind.InvalidToken, $"The DPoP proof is not good: {what}.") { Error = "invalid_dpop_proof" };
}
