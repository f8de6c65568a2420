using Google.Rpc;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;

namespace RealmAdmin.Tests.Hosting;

/// <summary>What a refused call tells its caller.</summary>
internal static class Refusals
{
    public static async Task<string?> ReasonAsync(Func<Task> call) => RichStatus.ReasonOf(await Assert.ThrowsAsync<RpcException>(call));

    public static IReadOnlyList<BadRequest.Types.FieldViolation> Violations(RpcException exception) =>
        RichStatus.Read(exception)!.Details.Single(detail => detail.Is(BadRequest.Descriptor)).Unpack<BadRequest>().FieldViolations;
}
