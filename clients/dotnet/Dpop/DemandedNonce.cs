using Grpc.Core;

namespace Pltfrms.Iam.Client.Dpop;

/// <summary>RFC 9449 sections 8 and 9 over gRPC: what a refusal says that the next proof must have.</summary>
internal static class DemandedNonce
{
    /// <summary>Null: the call was not refused for its proof's nonce.</summary>
    public static string? In(RpcException refusal)
    {
        // A service that this library protects answers as it does over HTTP.
        if (refusal.Trailers.GetValue("dpop-nonce") is { Length: > 0 } nonce
            && refusal.Trailers.GetAll("www-authenticate").Any(static challenge => challenge.Value.Contains(ServerNonces.Demand, StringComparison.Ordinal)))
        {
            return nonce;
        }
        return IamClientException.From(refusal) is { Reason: IamErrorReason.UseDpopNonce } demand
            && demand.Metadata.GetValueOrDefault("dpop_nonce") is { Length: > 0 } demanded
            ? demanded
            : null;
    }
}
