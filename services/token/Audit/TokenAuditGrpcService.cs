using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>TokenAuditService over gRPC: who calls, and messages to records and back.</summary>
public sealed class TokenAuditGrpcService(
    CallerGate gate, RealmSnapshots realms, ListTokenEvents list, WatchTokenEvents watch, IHostApplicationLifetime lifetime)
    : Wire.TokenAuditService.TokenAuditServiceBase
{
    private const int UsualPageSize = 100;
    private const int MaxPageSize = 1000;

    public override async Task<Wire.ListTokenEventsResponse> ListTokenEvents(Wire.ListTokenEventsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.TokensAudit);
        var filter = FilterOf(request);
        // Only so that an unknown realm is told from one without events.
        await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        var count = request.PageSize == 0 ? UsualPageSize : request.PageSize;
        var (events, next) = await list.ExecuteAsync(filter, request.TokenId, count, request.PageToken, context.CancellationToken);
        return new Wire.ListTokenEventsResponse { Events = { events.Select(row => row.ToWire()) }, NextPageToken = next };
    }

    public override async Task WatchTokenEvents(
        Wire.WatchTokenEventsRequest request, IServerStreamWriter<Wire.WatchTokenEventsResponse> responseStream, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.TokensAudit);
        if (request.AfterSequence < 0)
        {
            throw Invalid("after_sequence", "must not be negative");
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var row in watch.StreamAsync(request.RealmId, request.AfterSequence, ends.Token))
            {
                await responseStream.WriteAsync(new() { Event = row.ToWire() }, ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The watcher left, or this process stops: either way the stream is over and nothing went wrong.
        }
    }

    private static TokenEventFilter FilterOf(Wire.ListTokenEventsRequest request)
    {
        if (request.PageSize is < 0 or > MaxPageSize)
        {
            throw Invalid("page_size", $"must be 0 to {MaxPageSize}");
        }

        if (request.TokenId.Length > 0 && request.GrantId.Length > 0)
        {
            throw Invalid("grant_id", "must not be set together with token_id");
        }

        if (request.Kind != Wire.TokenEventKind.Unspecified && !System.Enum.IsDefined(request.Kind))
        {
            throw Invalid("kind", "must be a kind of event");
        }

        return new TokenEventFilter
        {
            RealmId = request.RealmId,
            Kind = request.Kind == Wire.TokenEventKind.Unspecified ? null : (TokenEventKind)(request.Kind - 1),
            ClientId = request.ClientId,
            UserId = request.UserId,
            Families = request.GrantId.Length == 0 ? [] : [request.GrantId],
            StartTime = InstantOf("start_time", request.StartTime) ?? DateTimeOffset.MinValue,
            EndTime = InstantOf("end_time", request.EndTime) ?? DateTimeOffset.MaxValue,
            OldestFirst = request.OldestFirst,
        };
    }

    private static DateTimeOffset? InstantOf(string field, Timestamp? time)
    {
        try
        {
            return time?.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            throw Invalid(field, "must be a valid time");
        }
    }

    private static IamException Invalid(string field, string rule) =>
        new(ErrorReason.InvalidArgument, "The request has wrong fields.") { Violations = [new(field, rule)] };
}
