using Common.Tests.Hosting;
using Google.Rpc;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using StatusCode = Grpc.Core.StatusCode;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Common.Tests.Errors;

/// <summary>What a method throws, and what its caller sees.</summary>
public sealed class ErrorInterceptorTests
{
    [Fact]
    public async Task An_expected_failure_carries_its_reason_and_facts()
    {
        var error = await ErrorOfAsync(new IamException(ErrorReason.RealmNotFound, "There is no realm nowhere.")
        {
            Metadata = new Dictionary<string, string> { ["realm_id"] = "nowhere" },
        });

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal("There is no realm nowhere.", error.Status.Detail);
        var status = RichStatus.Read(error)!;
        Assert.Equal((5, "There is no realm nowhere."), (status.Code, status.Message));
        var info = Assert.Single(status.Details).Unpack<ErrorInfo>();
        Assert.Equal(("REALM_NOT_FOUND", "iam.pltfrms"), (info.Type, info.Domain));
        Assert.Equal("nowhere", Assert.Contains("realm_id", info.Metadata as IDictionary<string, string>));
    }

    [Fact]
    public async Task Wrong_fields_are_named_beside_the_reason()
    {
        var error = await ErrorOfAsync(new IamException(ErrorReason.InvalidArgument, "The request has wrong fields.")
        {
            Violations = [new FieldViolation("user_id", "must name a user"), new FieldViolation("page_size", "must be 0 to 1000")],
        });

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var details = RichStatus.Read(error)!.Details;
        Assert.Equal(2, details.Count);
        Assert.Equal("INVALID_ARGUMENT", details[0].Unpack<ErrorInfo>().Type);
        Assert.Equal(
            [("user_id", "must name a user"), ("page_size", "must be 0 to 1000")],
            details[1].Unpack<BadRequest>().FieldViolations.Select(v => (v.Field, v.Description)));
    }

    [Fact]
    public async Task A_fault_of_ours_tells_nothing_of_itself()
    {
        var error = await ErrorOfAsync(new InvalidOperationException("select secret from vault"));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Equal("The server failed; its log has the details.", error.Status.Detail);
        Assert.Equal("INTERNAL", RichStatus.ReasonOf(error));
        Assert.DoesNotContain("vault", RichStatus.Read(error)!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, StatusCode.Unavailable, "SERVICE_UNAVAILABLE")]
    [InlineData(StatusCode.DeadlineExceeded, StatusCode.Unavailable, "SERVICE_UNAVAILABLE")]
    [InlineData(StatusCode.PermissionDenied, StatusCode.Internal, "INTERNAL")]
    [InlineData(StatusCode.Unauthenticated, StatusCode.Internal, "INTERNAL")]
    public async Task Another_services_error_is_never_taken_for_ours(StatusCode theirs, StatusCode ours, string reason)
    {
        var error = await ErrorOfAsync(new RpcException(new Grpc.Core.Status(theirs, "theirs")));

        Assert.Equal(ours, error.StatusCode);
        Assert.Equal(reason, RichStatus.ReasonOf(error));
    }

    [Fact]
    public async Task A_deadline_that_passes_is_DEADLINE_EXCEEDED()
    {
        await using var server = await SampleServer.StartAsync(new SampleBehaviour
        {
            OnListConsents = (_, context) => Task.Delay(Timeout.Infinite, context.CancellationToken),
        });

        var error = await Assert.ThrowsAsync<RpcException>(async () => await server.Client.ListConsentsAsync(
            new Wire.ListConsentsRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300)));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task A_method_learns_that_its_caller_has_gone()
    {
        var entered = new TaskCompletionSource();
        var noticed = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        await using var server = await SampleServer.StartAsync(new SampleBehaviour
        {
            OnListConsents = async (_, context) =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken).ContinueWith(_ => noticed.SetResult(), TaskScheduler.Default);
                context.CancellationToken.ThrowIfCancellationRequested();
            },
        });

        var call = server.Client.ListConsentsAsync(new Wire.ListConsentsRequest(), cancellationToken: cancel.Token);
        await entered.Task;
        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
        await noticed.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<RpcException> ErrorOfAsync(Exception thrown)
    {
        await using var server = await SampleServer.StartAsync(new SampleBehaviour { OnListConsents = (_, _) => throw thrown });
        return await Assert.ThrowsAsync<RpcException>(async () => await server.Client.ListConsentsAsync(new Wire.ListConsentsRequest()));
    }
}
