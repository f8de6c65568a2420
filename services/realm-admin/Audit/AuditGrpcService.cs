using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Registration;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Audit;

public sealed class AuditGrpcService(
    AdminGate gate, ListEvents list, WatchEvents watch, AnchorChain anchorChain, RecordImpersonation recordImpersonation, IHostApplicationLifetime lifetime)
    : Wire.AuditService.AuditServiceBase
{
    private const int NanosecondsPerMicrosecond = 1_000;
    private const int HashLength = 32;

    /// <summary>The one chain besides the audit's own: what users decided, in the consent service.</summary>
    private const string ConsentReceipts = "consent_receipts";

    private static readonly TextRule ResourceKindName = TextRule.Matching(
        32,
        text => text is ChainAnchor.ResourceKind or Impersonation.ResourceKind or InitialAccessToken.ResourceKind
            || System.Enum.GetValues<ResourceKind>().Any(kind => kind.ToName() == text),
        "must be a kind of resource, like client or role_binding");

    /// <summary>Ids of all kinds; those of some are URIs.</summary>
    private static readonly TextRule ResourceId = TextRule.Matching(
        512, text => !text.Any(char.IsControl), "must be one line without control characters");

    public override async Task<Wire.ListEventsResponse> ListEvents(Wire.ListEventsRequest request, ServerCallContext context)
    {
        await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.AuditRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Page(request.PageSize)
            .Allow("actor_id", request.ActorId, ResourceId)
            .Allow("resource_kind", request.ResourceKind, ResourceKindName)
            .Require("resource_kind", request.ResourceId.Length == 0 || request.ResourceKind.Length > 0, "is required with resource_id")
            .Allow("resource_id", request.ResourceId, ResourceId)
            .Require("start_time", IsInstant(request.StartTime), "must be a valid time")
            .Require("end_time", IsInstant(request.EndTime), "must be a valid time")
            .ThrowIfAny();

        var filter = new EventFilter
        {
            RealmId = request.RealmId,
            ActorId = request.ActorId,
            ResourceKind = request.ResourceKind,
            ResourceId = request.ResourceId,
            StartTime = InstantOf(request.StartTime) ?? DateTimeOffset.MinValue,
            EndTime = InstantOf(request.EndTime) ?? DateTimeOffset.MaxValue,
        };
        var page = await list.ExecuteAsync(filter, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new() { Events = { page.Items.Select(row => row.ToWire()) }, NextPageToken = page.NextPageToken };
    }

    public override async Task WatchEvents(
        Wire.WatchEventsRequest request, IServerStreamWriter<Wire.WatchEventsResponse> responseStream, ServerCallContext context)
    {
        await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.AuditRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("after_revision", request.AfterRevision >= 0, "must not be negative")
            .ThrowIfAny();

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var row in watch.StreamAsync(request.RealmId, request.AfterRevision, ends.Token))
            {
                await responseStream.WriteAsync(new() { Event = row.ToWire() }, ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The watcher left, or this process stops: either way the stream is over and nothing went wrong.
        }
    }

    public override async Task<Wire.AnchorChainResponse> AnchorChain(Wire.AnchorChainRequest request, ServerCallContext context)
    {
        var administrator = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.AuditAnchor);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("chain", request.Chain == ConsentReceipts, $"must be {ConsentReceipts}")
            .Require("sequence", request.Sequence > 0, "must be positive")
            .Require("hash", request.Hash.Length == HashLength, $"must have {HashLength} bytes")
            .ThrowIfAny();

        var anchor = new ChainAnchor(request.Sequence, Convert.ToHexStringLower(request.Hash.Span));
        return new() { Revision = await anchorChain.RunAsync(request.RealmId, request.Chain, anchor, administrator.Caller, context.CancellationToken) };
    }

    public override async Task<Wire.RecordImpersonationResponse> RecordImpersonation(Wire.RecordImpersonationRequest request, ServerCallContext context)
    {
        var administrator = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.AuditRecord);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("token_id", request.TokenId, ResourceId)
            .Require("client_id", request.ClientId, Rules.Id)
            .Require("subject_id", request.SubjectId, ResourceId)
            .Require("subject_token_id", request.SubjectTokenId, ResourceId)
            .ThrowIfAny();

        var impersonation = new Impersonation
        {
            TokenId = request.TokenId,
            ClientId = request.ClientId,
            ActorId = request.ActorId.Length > 0 ? request.ActorId : request.ClientId,
            SubjectId = request.SubjectId,
            SubjectTokenId = request.SubjectTokenId,
            Rule = request.Rule,
            Scopes = [.. request.Scopes],
            OrganizationId = request.OrganizationId,
        };
        return new() { Revision = await recordImpersonation.RunAsync(request.RealmId, impersonation, administrator.Caller, context.CancellationToken) };
    }

    /// <remarks>The range of google.protobuf.Timestamp: years 1 to 9999.</remarks>
    private static bool IsInstant(Timestamp? time) =>
        time is null or { Seconds: >= -62_135_596_800 and <= 253_402_300_799, Nanos: >= 0 and <= 999_999_999 };

    /// <summary>Events have microseconds: a bound between two of them means the later.</summary>
    private static DateTimeOffset? InstantOf(Timestamp? time)
    {
        if (time is null)
        {
            return null;
        }

        var microseconds = (time.Nanos + NanosecondsPerMicrosecond - 1) / NanosecondsPerMicrosecond;
        var ticks = (time.Seconds * TimeSpan.TicksPerSecond) + (microseconds * TimeSpan.TicksPerMicrosecond) + DateTimeOffset.UnixEpoch.Ticks;
        return new DateTimeOffset(Math.Min(ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }
}
