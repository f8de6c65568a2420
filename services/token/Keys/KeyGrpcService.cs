using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>KeyService over gRPC: who calls, and messages to records and back.</summary>
public sealed class KeyGrpcService(CallerGate gate, RealmSnapshots realms, ListKeys list, RotateKey rotate, RevokeKey revoke, ListKeyEvents events)
    : Wire.KeyService.KeyServiceBase
{
    private const int UsualPageSize = 100;
    private const int MaxPageSize = 1000;

    public override async Task<Wire.ListKeysResponse> ListKeys(Wire.ListKeysRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.KeysRead);
        var realm = await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        return new Wire.ListKeysResponse { Keys = { list.Of(await list.ExecuteAsync(realm.Realm, context.CancellationToken)).Select(ToWire) } };
    }

    public override async Task<Wire.RotateKeyResponse> RotateKey(Wire.RotateKeyRequest request, ServerCallContext context)
    {
        var caller = await gate.RequireAsync(context, request.RealmId, IamPermissions.KeysWrite);
        var algorithm = request.Algorithm.Length == 0 ? SignatureAlgorithms.Es256 : request.Algorithm;
        if (!SignatureAlgorithms.All.Contains(algorithm, StringComparer.Ordinal))
        {
            throw Invalid("algorithm", $"must be one of {string.Join(", ", SignatureAlgorithms.All)}");
        }

        var realm = await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        var onlyWhere = request.KeyId.Length == 0 ? null : request.KeyId;
        var rotated = await rotate.ExecuteAsync(realm.Realm, algorithm, onlyWhere, KeyActor.Of(caller), context.CancellationToken);
        return new Wire.RotateKeyResponse { Keys = { list.Of(rotated).Where(key => key.Row.Algorithm == algorithm).Select(ToWire) } };
    }

    public override async Task<Wire.RevokeKeyResponse> RevokeKey(Wire.RevokeKeyRequest request, ServerCallContext context)
    {
        var caller = await gate.RequireAsync(context, request.RealmId, IamPermissions.KeysWrite);
        if (request.KeyId.Length == 0)
        {
            throw Invalid("key_id", "is required");
        }

        var realm = await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        var revoked = await revoke.ExecuteAsync(realm.Realm, request.KeyId, KeyActor.Of(caller), context.CancellationToken);
        var algorithm = revoked.Rows.First(key => key.KeyId == request.KeyId).Algorithm;
        return new Wire.RevokeKeyResponse { Keys = { list.Of(revoked).Where(key => key.Row.Algorithm == algorithm).Select(ToWire) } };
    }

    public override async Task<Wire.ListKeyEventsResponse> ListKeyEvents(Wire.ListKeyEventsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.KeysRead);
        if (request.PageSize is < 0 or > MaxPageSize)
        {
            throw Invalid("page_size", $"must be 0 to {MaxPageSize}");
        }

        // Only so that an unknown realm is told from one without events.
        await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        var count = request.PageSize == 0 ? UsualPageSize : request.PageSize;
        var (happened, next) = await events.ExecuteAsync(request.RealmId, count, request.PageToken, context.CancellationToken);
        return new Wire.ListKeyEventsResponse { Events = { happened.Select(ToWire) }, NextPageToken = next };
    }

    private static Wire.Key ToWire(ListedKey listed) => ToWire(listed.Row, listed);

    private static Wire.Key ToWire(SigningKeyRow key, ListedKey now) => new()
    {
        RealmId = key.RealmId,
        KeyId = key.KeyId,
        Algorithm = key.Algorithm,
        Stage = (Wire.KeyStage)(now.Stage + 1),
        CreateTime = Timestamp.FromDateTimeOffset(key.CreatedAt),
        SignTime = Timestamp.FromDateTimeOffset(key.SignsFrom),
        SignEndTime = ToWire(key.SignsUntil),
        EndTime = ToWire(now.EndsAt),
        RevokeTime = ToWire(key.RevokedAt),
        LongestTokenLifetime = Duration.FromTimeSpan(key.LongestLifetime),
        EncryptionKeyId = key.EncryptionKeyId,
    };

    private static Wire.KeyEvent ToWire(KeyEvent happened) => new()
    {
        EventId = happened.EventId,
        KeyId = happened.KeyId,
        Algorithm = happened.Algorithm,
        Kind = (Wire.KeyEventKind)(happened.Kind + 1),
        ActorKind = happened.ActorKind,
        ActorId = happened.ActorId,
        EventTime = Timestamp.FromDateTimeOffset(happened.HappenedAt),
    };

    private static Timestamp? ToWire(DateTimeOffset? time) => time is { } known ? Timestamp.FromDateTimeOffset(known) : null;

    private static IamException Invalid(string field, string rule) =>
        new(ErrorReason.InvalidArgument, "The request has wrong fields.") { Violations = [new(field, rule)] };
}
