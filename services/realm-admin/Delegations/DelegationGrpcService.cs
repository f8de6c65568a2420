using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Delegations;

public sealed class DelegationGrpcService(
    AdminGate gate, ResourceReader<DelegationRecord> reader, DelegationStore delegations, WriteResources writes, OwnDelegations own)
    : Wire.DelegationService.DelegationServiceBase
{
    public override async Task<Wire.GetDelegationResponse> GetDelegation(Wire.GetDelegationRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.DelegationsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("delegation_id", request.DelegationId, Rules.Id)
            .ThrowIfAny();

        var resource = await reader.GetAsync(request.RealmId, request.DelegationId, reach, context.CancellationToken);
        return new() { Delegation = resource.WithEtag() };
    }

    public override async Task<Wire.ListDelegationsResponse> ListDelegations(Wire.ListDelegationsRequest request, ServerCallContext context)
    {
        var (_, reach) = await gate.RequireAsync(context, request.RealmId, IamPermissions.DelegationsRead);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Allow("delegator_id", request.DelegatorId, Rules.UserId)
            .Allow("delegate_client_id", request.DelegateClientId, Rules.Id)
            .Allow("delegate_user_id", request.DelegateUserId, Rules.UserId)
            .Allow("organization_id", request.OrganizationId, Rules.Id)
            .Require(
                "delegate_client_id",
                request.DelegateClientId.Length == 0 || request.DelegateUserId.Length == 0,
                "only one of delegate_client_id and delegate_user_id may be set")
            .Page(request.PageSize)
            .ThrowIfAny();

        var filter = FilterOf(request);
        var page = await reader.ListAsync(
            request.RealmId,
            filter.ToString(),
            new(request.PageSize, request.PageToken),
            reach,
            (session, range) => delegations.ListByAsync(session, request.RealmId, filter, range, context.CancellationToken),
            context.CancellationToken);
        return new()
        {
            Delegations = { page.Items.Select(resource => resource.WithEtag()) },
            NextPageToken = page.NextPageToken,
            Revision = page.Revision,
        };
    }

    public override async Task<Wire.CreateDelegationResponse> CreateDelegation(Wire.CreateDelegationRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.DelegationsWrite);
        return await writes.ExecuteAsync<DelegationRecord, Wire.CreateDelegationResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { Delegation = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.UpdateDelegationResponse> UpdateDelegation(Wire.UpdateDelegationRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.DelegationsWrite);
        return await writes.ExecuteAsync<DelegationRecord, Wire.UpdateDelegationResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (resource, revision) => new() { Delegation = resource.WithEtag(), Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.DeleteDelegationResponse> DeleteDelegation(Wire.DeleteDelegationRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireAsync(context, request.RealmId, IamPermissions.DelegationsWrite);
        return await writes.ExecuteAsync<DelegationRecord, Wire.DeleteDelegationResponse>(
            new WriteCall(caller, request.RealmId, request.RequestId, request),
            request.ToOperation(),
            (_, revision) => new() { Revision = revision },
            context.CancellationToken);
    }

    public override async Task<Wire.ListOwnDelegationsResponse> ListOwnDelegations(Wire.ListOwnDelegationsRequest request, ServerCallContext context)
    {
        await RequireOwnAsync(context, request.RealmId, request.UserId);
        var (granted, received, revision) = await own.List.RunAsync(request.RealmId, request.UserId, context.CancellationToken);
        return new()
        {
            Granted = { granted.Select(delegation => delegation.WithEtag()) },
            Received = { received.Select(delegation => delegation.WithEtag()) },
            Revision = revision,
        };
    }

    public override async Task<Wire.GrantOwnDelegationResponse> GrantOwnDelegation(Wire.GrantOwnDelegationRequest request, ServerCallContext context)
    {
        var caller = await RequireOwnAsync(context, request.RealmId, request.UserId);
        var (delegation, revision) = await own.Grant.RunAsync(caller, request.RealmId, request.UserId, request.Delegation, context.CancellationToken);
        return new() { Delegation = delegation.WithEtag(), Revision = revision };
    }

    public override async Task<Wire.RevokeOwnDelegationResponse> RevokeOwnDelegation(Wire.RevokeOwnDelegationRequest request, ServerCallContext context)
    {
        var caller = await RequireOwnAsync(context, request.RealmId, request.UserId);
        return new()
        {
            Revision = await own.Revoke.RunAsync(caller, request.RealmId, request.UserId, request.DelegationId, context.CancellationToken),
        };
    }

    /// <summary>The user, as the service that the user is at says.</summary>
    private async Task<OwnCaller> RequireOwnAsync(ServerCallContext context, string realmId, string userId)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, realmId, IamPermissions.DelegationsRelay);
        new RequestFields()
            .Require("realm_id", realmId, Rules.RealmId)
            .Require("user_id", userId, Rules.UserId)
            .ThrowIfAny();
        return new OwnCaller(caller.Id);
    }

    private static DelegationFilter FilterOf(Wire.ListDelegationsRequest request)
    {
        (MemberType Type, string Id)? delegated = request switch
        {
            { DelegateClientId.Length: > 0 } => (MemberType.Client, request.DelegateClientId),
            { DelegateUserId.Length: > 0 } => (MemberType.User, request.DelegateUserId),
            _ => null,
        };
        return new DelegationFilter
        {
            DelegatorId = request.DelegatorId.Length > 0 ? request.DelegatorId : null,
            DelegateType = delegated?.Type,
            DelegateId = delegated?.Id,
            OrganizationId = request.OrganizationId.Length > 0 ? request.OrganizationId : null,
        };
    }
}
