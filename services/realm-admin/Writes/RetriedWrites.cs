using Google.Protobuf;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>
/// Runs a write so that its caller can repeat the call: the answer is kept with the write, in one transaction, under the call's request id.
/// Writers of a realm take turns, so of many equal calls at once the first one writes and the others read its answer.
/// </summary>
public sealed class RetriedWrites(RealmWrites writes, RequestLogStore log, HoldingsReader holdings, TimeProvider clock)
{
    // Each answer that is kept removes more than one that is over, so that they do not pile up and nobody has to look for them.
    private const int Swept = 10;

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    /// <summary>Runs a write to a realm, or gives the answer of the call that this one repeats.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, REQUEST_ID_REUSED, INVALID_ARGUMENT, and what the write throws.</exception>
    public Task<T> RunAsync<T>(WriteCall call, Func<RealmWrite, Task<T>> write, CancellationToken cancellationToken)
        where T : IMessage<T>, new() =>
        RunAsync(
            call,
            async () => await writes.BeginAsync(call.RealmId, cancellationToken) ?? throw RealmNotFound.For(call.RealmId),
            write,
            cancellationToken);

    /// <summary>The same for a realm that may not exist yet.</summary>
    /// <exception cref="IamException">REQUEST_ID_REUSED, INVALID_ARGUMENT, and what the write throws.</exception>
    public Task<T> RunOrCreateAsync<T>(WriteCall call, Realm realm, Func<RealmWrite, Task<T>> write, CancellationToken cancellationToken)
        where T : IMessage<T>, new() =>
        RunAsync(call, () => writes.BeginOrCreateAsync(realm, cancellationToken), write, cancellationToken);

    /// <summary>Lets a write happen, looks at it, and takes it back.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_ARGUMENT, and what the write throws.</exception>
    public async Task<T> PreviewAsync<T>(WriteCall call, Func<RealmWrite, Task<T>> write, CancellationToken cancellationToken)
    {
        await using var begun = await BeginAsync(
            call,
            async () => await writes.BeginAsync(call.RealmId, cancellationToken) ?? throw RealmNotFound.For(call.RealmId),
            cancellationToken);
        return await write(begun);
    }

    /// <summary>What is begun stays within what its caller holds.</summary>
    private async Task<RealmWrite> BeginAsync(WriteCall call, Func<Task<RealmWrite>> begin, CancellationToken cancellationToken)
    {
        new RequestFields()
            .Require("realm_id", call.RealmId, Rules.RealmId)
            .Allow("request_id", call.RequestId, Rules.Id)
            .ThrowIfAny();
        var write = await begin();
        try
        {
            write.BegunBy(call.Caller);
            var held = await holdings.ReadAsync(write.Session, call.Caller, call.RealmId, cancellationToken);
            write.LimitTo(new WriteLimit(holdings, write.Session, call.RealmId, held));
            return write;
        }
        catch
        {
            await write.DisposeAsync();
            throw;
        }
    }

    private async Task<T> RunAsync<T>(
        WriteCall call, Func<Task<RealmWrite>> begin, Func<RealmWrite, Task<T>> act, CancellationToken cancellationToken)
        where T : IMessage<T>, new()
    {
        await using var write = await BeginAsync(call, begin, cancellationToken);
        write.LogFor(call.Caller);
        var bodySha256 = call.RequestId.Length == 0 ? "" : RequestHash.Of(call.Caller, call.Request);
        if (call.RequestId.Length > 0
            && await log.FindAsync(write.Session, call.RealmId, call.RequestId, clock.GetUtcNow(), cancellationToken) is { } before)
        {
            return Repeat<T>(call, before, bodySha256);
        }

        var answer = await act(write);
        if (call.RequestId.Length > 0)
        {
            await KeepAsync(write, call, answer, bodySha256, cancellationToken);
        }

        await write.CommitAsync(call.Caller, cancellationToken);
        return answer;
    }

    private async Task KeepAsync(RealmWrite write, WriteCall call, IMessage answer, string bodySha256, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var row = new RequestLogRow
        {
            Method = call.Request.Descriptor.FullName,
            BodySha256 = bodySha256,
            Response = call.AnswersOnce ? [] : answer.ToByteArray(),
        };
        await log.SweepAsync(write.Session, call.RealmId, now, Swept, cancellationToken);
        await log.AddAsync(write.Session, call.RealmId, call.RequestId, row, now + KeptFor, cancellationToken);
    }

    private static T Repeat<T>(WriteCall call, RequestLogRow before, string bodySha256)
        where T : IMessage<T>, new()
    {
        if (call.AnswersOnce || before.Method != call.Request.Descriptor.FullName || before.BodySha256 != bodySha256)
        {
            throw new IamException(
                ErrorReason.RequestIdReused,
                call.AnswersOnce ? "The call was answered before, and a secret is shown once." : "The request id was used with another request, or by another caller.")
            {
                Violations = [new("request_id", "must be new for another request")],
                Metadata = new Dictionary<string, string> { ["request_id"] = call.RequestId },
            };
        }

        var answer = new T();
        answer.MergeFrom(before.Response);
        return answer;
    }
}
