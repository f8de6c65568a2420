using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class RoleBindingMapping
{
    public static Wire.RoleBinding ToWire(this RoleBinding binding)
    {
        var wire = new Wire.RoleBinding
        {
            RealmId = binding.RealmId,
            RoleBindingId = binding.RoleBindingId,
            RoleId = binding.RoleId,
            OrganizationId = binding.OrganizationId ?? "",
            Conditions = binding.Conditions is { } conditions ? ToWire(conditions) : null,
            ExpireTime = WireValues.ToWire(binding.ExpiresAt),
        };
        switch (binding.MemberType)
        {
            case MemberType.User: wire.UserId = binding.MemberId; break;
            case MemberType.Client: wire.ClientId = binding.MemberId; break;
            case MemberType.Group: wire.GroupId = binding.MemberId; break;
            default: throw WireValues.Unknown(binding.MemberType);
        }

        return wire;
    }

    /// <exception cref="InvalidDataException">It has no member.</exception>
    public static RoleBinding ToRecord(this Wire.RoleBinding binding)
    {
        var (memberType, memberId) = binding.MemberCase switch
        {
            Wire.RoleBinding.MemberOneofCase.UserId => (MemberType.User, binding.UserId),
            Wire.RoleBinding.MemberOneofCase.ClientId => (MemberType.Client, binding.ClientId),
            Wire.RoleBinding.MemberOneofCase.GroupId => (MemberType.Group, binding.GroupId),
            _ => throw WireValues.Unknown(binding.MemberCase),
        };
        return new()
        {
            RealmId = binding.RealmId,
            RoleBindingId = binding.RoleBindingId,
            MemberType = memberType,
            MemberId = memberId,
            RoleId = binding.RoleId,
            OrganizationId = WireValues.NullIfEmpty(binding.OrganizationId),
            Conditions = binding.Conditions is { } conditions ? ToRecord(conditions) : null,
            ExpiresAt = binding.ExpireTime?.ToDateTimeOffset(),
        };
    }

    private static Wire.RoleBindingConditions ToWire(RoleBindingConditions conditions) => new()
    {
        StartTime = WireValues.ToWire(conditions.StartsAt),
        EndTime = WireValues.ToWire(conditions.EndsAt),
        SourceNetworks = { conditions.SourceNetworks },
        MinAcr = conditions.MinAcr ?? "",
    };

    private static RoleBindingConditions ToRecord(Wire.RoleBindingConditions conditions) => new()
    {
        StartsAt = conditions.StartTime?.ToDateTimeOffset(),
        EndsAt = conditions.EndTime?.ToDateTimeOffset(),
        SourceNetworks = [.. conditions.SourceNetworks],
        MinAcr = WireValues.NullIfEmpty(conditions.MinAcr),
    };
}
