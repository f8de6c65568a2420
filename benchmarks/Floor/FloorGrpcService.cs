using Benchmarks.Floor.V1;
using Grpc.Core;

namespace Benchmarks.Floor;

internal sealed class FloorGrpcService : FloorService.FloorServiceBase
{
    private static readonly Task<DoNothingResponse> Nothing = Task.FromResult(new DoNothingResponse());

    public override Task<DoNothingResponse> DoNothing(DoNothingRequest request, ServerCallContext context) => Nothing;
}
