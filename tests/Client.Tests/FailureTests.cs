using Grpc.Core;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

public sealed class FailureTests
{
    private static readonly PermissionCheck CreateInvoices = new()
    {
        Subject = PermissionSubject.User("alice"),
        Permission = "invoices.create",
    };

    [Fact]
    public async Task A_refused_token_is_replaced_and_the_call_made_once_more()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Check = (_, context) => context.RequestHeaders.GetValue("authorization") == "Bearer token-1"
            ? throw Faults.Of(StatusCode.Unauthenticated, "UNAUTHENTICATED")
            : Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true });

        Assert.True((await fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None)).Allowed);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], fixture.Server.Authorizations);
    }

    [Fact]
    public async Task A_server_that_refuses_every_token_is_not_flooded_with_requests_for_tokens()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Check = (_, _) => throw Faults.Of(StatusCode.Unauthenticated, "UNAUTHENTICATED");

        for (var i = 0; i < 10; i++)
        {
            var fault = await Assert.ThrowsAsync<IamClientException>(
                () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));
            Assert.Equal((IamErrorReason.Unauthenticated, false), (fault.Reason, fault.Retryable));
        }

        Assert.Equal(2, fixture.Server.TokenRequests.Count);
        Assert.Equal(11, fixture.Server.Authorizations.Count);
    }

    [Theory]
    [InlineData("STORAGE_UNAVAILABLE", IamErrorReason.StorageUnavailable)]
    [InlineData("REALM_FEED_UNAVAILABLE", IamErrorReason.RealmFeedUnavailable)]
    [InlineData("REVISION_NOT_REACHED", IamErrorReason.RevisionNotReached)]
    public async Task An_outage_is_an_exception_and_never_an_answer(string sent, IamErrorReason reason)
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Check = (_, _) => throw Faults.Of(StatusCode.Unavailable, sent, ("realm_id", "demo"));

        var fault = await Assert.ThrowsAsync<IamUnavailableException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));

        Assert.Equal((reason, sent, true), (fault.Reason, fault.ReasonName, fault.Retryable));
        Assert.Equal("demo", fault.Metadata["realm_id"]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        await using var fixture = await ClientFixture.StartAsync();
        Assert.False((await fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None)).Allowed);
        await fixture.Server.DisposeAsync();

        var withToken = await Assert.ThrowsAsync<IamUnavailableException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));
        var withoutToken = await Assert.ThrowsAsync<IamUnavailableException>(
            () => fixture.TokenAsync(new TokenRequest("x")));

        Assert.Equal((IamErrorReason.Unreachable, true), (withToken.Reason, withToken.Retryable));
        Assert.Equal((IamErrorReason.Unreachable, true), (withoutToken.Reason, withoutToken.Retryable));
    }

    [Fact]
    public async Task A_connection_that_breaks_under_a_call_is_unreachable()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Check = (_, context) =>
        {
            context.GetHttpContext().Abort();
            return new TaskCompletionSource<Wire.CheckPermissionResponse>().Task.WaitAsync(context.CancellationToken);
        };

        var fault = await Assert.ThrowsAnyAsync<IamClientException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));

        Assert.IsType<IamUnavailableException>(fault);
    }

    [Fact]
    public async Task A_call_that_is_not_answered_ends_at_its_deadline()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.Timeout = TimeSpan.FromSeconds(1));
        fixture.Server.Check = NeverAsync;

        var fault = await Assert.ThrowsAsync<IamUnavailableException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));

        Assert.Equal((IamErrorReason.DeadlineExceeded, "DEADLINE_EXCEEDED", true), (fault.Reason, fault.ReasonName, fault.Retryable));
    }

    [Fact]
    public void A_call_of_somebody_else_that_is_not_answered_says_so_and_blames_no_setting()
    {
        var fault = IamClientException.From(new RpcException(new Status(StatusCode.DeadlineExceeded, "")));

        Assert.Equal("DEADLINE_EXCEEDED: no answer in time", fault.Message);
    }

    [Fact]
    public async Task A_token_that_is_not_issued_ends_the_call_at_its_deadline()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.Timeout = TimeSpan.FromSeconds(1));
        fixture.Server.Issue = async (_, context) =>
        {
            await Task.Delay(System.Threading.Timeout.Infinite, context.CancellationToken);
            return new();
        };

        var fault = await Assert.ThrowsAsync<IamUnavailableException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));

        Assert.Equal(IamErrorReason.DeadlineExceeded, fault.Reason);
        Assert.Empty(fixture.Server.Authorizations);
    }

    [Fact]
    public async Task A_caller_who_gives_up_sees_a_cancellation_and_no_fault()
    {
        await using var fixture = await ClientFixture.StartAsync();
        using var impatience = new CancellationTokenSource();
        fixture.Server.Check = async (request, context) =>
        {
            await impatience.CancelAsync();
            return await NeverAsync(request, context);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, impatience.Token));
    }

    [Fact]
    public async Task Every_reason_of_the_contract_is_typed()
    {
        await using var fixture = await ClientFixture.StartAsync();
        foreach (var reason in Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified))
        {
            fixture.Server.Check = (_, _) => throw Faults.Of(StatusCode.FailedPrecondition, WireName(reason), ("key", "value"));

            var fault = await Assert.ThrowsAsync<IamClientException>(
                () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));

            Assert.Equal((reason.ToString(), WireName(reason)), (fault.Reason.ToString(), fault.ReasonName));
            Assert.Equal("value", fault.Metadata["key"]);
        }
    }

    [Fact]
    public async Task Wrong_fields_are_named()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Check = (_, _) => throw Faults.OfField("permission", "must be noun.verb");

        var fault = await Assert.ThrowsAsync<IamClientException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));

        Assert.Equal(IamErrorReason.InvalidArgument, fault.Reason);
        Assert.Equal([new IamFieldError("permission", "must be noun.verb")], fault.FieldErrors);
    }

    [Fact]
    public async Task A_newer_reason_and_broken_details_are_unknown_but_never_lost()
    {
        await using var fixture = await ClientFixture.StartAsync();

        fixture.Server.Check = (_, _) => throw Faults.Of(StatusCode.FailedPrecondition, "BRAND_NEW");
        var newer = await Assert.ThrowsAsync<IamClientException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));
        fixture.Server.Check = (_, _) => throw Faults.WithDetails(StatusCode.PermissionDenied, [0xff, 0xff]);
        var broken = await Assert.ThrowsAsync<IamClientException>(
            () => fixture.Iam.CheckPermissionAsync(CreateInvoices, CancellationToken.None));

        Assert.Equal((IamErrorReason.Unknown, "BRAND_NEW"), (newer.Reason, newer.ReasonName));
        Assert.Equal((IamErrorReason.PermissionDenied, "PERMISSION_DENIED"), (broken.Reason, broken.ReasonName));
    }

    private static string WireName(ErrorReason reason) =>
        ErrorReasonReflection.Descriptor.EnumTypes.Single().FindValueByNumber((int)reason)!.Name["ERROR_REASON_".Length..];

    private static async Task<Wire.CheckPermissionResponse> NeverAsync(Wire.CheckPermissionRequest request, ServerCallContext context)
    {
        await Task.Delay(System.Threading.Timeout.Infinite, context.CancellationToken);
        return new();
    }
}
