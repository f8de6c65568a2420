using Google.Rpc;
using Grpc.Core;

namespace Token.Tests.Hosting;

/// <summary>What a refused gRPC call tells its caller.</summary>
internal static class Refusals
{
    /// <summary>Status code and reason of a call that must be refused.</summary>
    public static async Task<(StatusCode Code, string Reason)> OfAsync<T>(AsyncUnaryCall<T> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);
        return (exception.StatusCode, ReasonOf(exception));
    }

    public static string ReasonOf(RpcException exception) =>
        DetailsOf(exception).Select(d => d.TryUnpack<ErrorInfo>(out var info) ? info.Type : "").Single(r => r.Length > 0);

    /// <summary>The fields that a refused call names.</summary>
    public static async Task<IReadOnlyList<string>> FieldsOfAsync<T>(AsyncUnaryCall<T> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);
        return [.. DetailsOf(exception)
            .Where(d => d.Is(BadRequest.Descriptor))
            .SelectMany(d => d.Unpack<BadRequest>().FieldViolations)
            .Select(v => v.Field)];
    }

    private static IEnumerable<Google.Protobuf.WellKnownTypes.Any> DetailsOf(RpcException exception) =>
        Google.Rpc.Status.Parser.ParseFrom(exception.Trailers.GetValueBytes("grpc-status-details-bin")).Details;
}
