using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class DelegationMapping
{
    public static Wire.Delegation ToWire(this DelegationRecord delegation)
    {
        var wire = new Wire.Delegation
        {
            RealmId = delegation.RealmId,
            DelegationId = delegation.DelegationId,
            DelegatorId = delegation.DelegatorId,
            Scopes = { delegation.Scopes },
            OrganizationId = delegation.OrganizationId ?? "",
            ExpireTime = WireValues.ToWire(delegation.ExpiresAt),
            MaxDepth = delegation.MaxDepth,
            Reason = delegation.Reason,
            CreateTime = WireValues.ToWire(delegation.CreatedAt),
            CreatedBy = delegation.CreatedBy,
            SelfGranted = delegation.SelfGranted,
        };
        switch (delegation.DelegateType)
        {
            case MemberType.User: wire.DelegateUserId = delegation.DelegateId; break;
            case MemberType.Client: wire.DelegateClientId = delegation.DelegateId; break;
            default: throw WireValues.Unknown(delegation.DelegateType);
        }

        return wire;
    }

    /// <exception cref="InvalidDataException">The delegate is not set.</exception>
    public static DelegationRecord ToRecord(this Wire.Delegation delegation)
    {
        var (delegateType, delegateId) = delegation.DelegateCase switch
        {
            Wire.Delegation.DelegateOneofCase.DelegateUserId => (MemberType.User, delegation.DelegateUserId),
            Wire.Delegation.DelegateOneofCase.DelegateClientId => (MemberType.Client, delegation.DelegateClientId),
            _ => throw WireValues.Unknown(delegation.DelegateCase),
        };
        return new()
        {
            RealmId = delegation.RealmId,
            DelegationId = delegation.DelegationId,
            DelegatorId = delegation.DelegatorId,
            DelegateType = delegateType,
            DelegateId = delegateId,
            Scopes = [.. delegation.Scopes],
            OrganizationId = WireValues.NullIfEmpty(delegation.OrganizationId),
            ExpiresAt = delegation.ExpireTime?.ToDateTimeOffset(),
            MaxDepth = delegation.MaxDepth,
            Reason = delegation.Reason,
            CreatedAt = delegation.CreateTime?.ToDateTimeOffset() ?? default,
            CreatedBy = delegation.CreatedBy,
            SelfGranted = delegation.SelfGranted,
        };
    }
}
