using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Audit;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.UserGrants;

/// <summary>GrantService over gRPC: who calls, and messages to records and back.</summary>
public sealed class GrantGrpcService(CallerGate gate, RealmSnapshots realms, ListGrants list, RevokeGrants revoke) : Wire.GrantService.GrantServiceBase
{
    private const int UsualPageSize = 100;
    private const int MaxPageSize = 1000;

    public override async Task<Wire.ListGrantsResponse> ListGrants(Wire.ListGrantsRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.GrantsRead);
        if (request.PageSize is < 0 or > MaxPageSize)
        {
            throw Invalid("page_size", $"must be 0 to {MaxPageSize}");
        }

        // Only so that an unknown realm is told from one without grants.
        await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        var filter = new GrantFilter { RealmId = request.RealmId, UserId = request.UserId, ClientId = request.ClientId };
        var count = request.PageSize == 0 ? UsualPageSize : request.PageSize;
        var (grants, next) = await list.ExecuteAsync(filter, count, request.PageToken, context.CancellationToken);
        return new Wire.ListGrantsResponse { Grants = { grants.Select(ToWire) }, NextPageToken = next };
    }

    public override async Task<Wire.RevokeGrantsResponse> RevokeGrants(Wire.RevokeGrantsRequest request, ServerCallContext context)
    {
        var caller = await gate.RequireAsync(context, request.RealmId, IamPermissions.GrantsRevoke);
        if (request.GrantId.Length == 0 && request.UserId.Length == 0 && request.ClientId.Length == 0)
        {
            throw Invalid("grant_id", "is required where neither user_id nor client_id is set");
        }

        var realm = await realms.GetLastKnownAsync(request.RealmId, context.CancellationToken);
        var filter = new GrantFilter
        {
            RealmId = request.RealmId,
            GrantId = request.GrantId,
            UserId = request.UserId,
            ClientId = request.ClientId,
            OrganizationId = request.HasOrganizationId ? request.OrganizationId : null,
            Scopes = request.Scopes,
            GivenBefore = InstantOf(request.GivenBefore),
        };
        var by = Revoker.Of(caller, context.GetHttpContext());
        return new Wire.RevokeGrantsResponse { RevokedCount = await revoke.ExecuteAsync(realm.Realm, filter, by, context.CancellationToken) };
    }

    private static Wire.Grant ToWire(UserGrant grant) => new()
    {
        RealmId = grant.RealmId,
        GrantId = grant.GrantId,
        UserId = grant.UserId,
        ClientId = grant.ClientId,
        OrganizationId = grant.OrganizationId,
        Scopes = { grant.Scopes },
        CreateTime = Timestamp.FromDateTimeOffset(grant.CreatedAt),
        LastUseTime = Timestamp.FromDateTimeOffset(grant.LastUsedAt),
        ExpireTime = Timestamp.FromDateTimeOffset(grant.ExpiresAt),
    };

    private static DateTimeOffset? InstantOf(Timestamp? time)
    {
        try
        {
            return time?.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            throw Invalid("given_before", "must be a valid time");
        }
    }

    private static IamException Invalid(string field, string rule) =>
        new(ErrorReason.InvalidArgument, "The request has wrong fields.") { Violations = [new(field, rule)] };
}
