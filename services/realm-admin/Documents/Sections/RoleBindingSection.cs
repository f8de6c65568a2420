using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.RoleBindings;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>role_bindings</c>.</summary>
internal static class RoleBindingSection
{
    private static readonly (string Key, MemberType Type, ReferenceKind Kind, TextRule Rule)[] Members =
    [
        ("user_id", MemberType.User, ReferenceKind.User, Rules.UserId),
        ("client_id", MemberType.Client, ReferenceKind.Client, Rules.Id),
        ("group_id", MemberType.Group, ReferenceKind.Group, Rules.Id),
    ];

    public static IEnumerable<RoleBinding> Read(Fields fields, string realmId, References references) =>
        fields.Each("role_bindings", binding => Binding(binding, realmId, references));

    public static RoleBinding? Binding(Fields fields, string realmId, References references)
    {
        if (Members.Count(member => fields.Has(member.Key)) != 1)
        {
            fields.Error("user_id", "must be set, or client_id, or group_id, but only one of them");
        }

        if (!fields.Has("role_id"))
        {
            fields.Error("role_id", "is required");
        }

        var (memberType, memberId) = Member(fields);
        var roleId = fields.Reference("role_id", ReferenceKind.Role, Rules.Id);
        var organizationId = fields.Reference("organization_id", ReferenceKind.Organization, Rules.Id);
        var bindingId = fields.Text("role_binding_id", Rules.Id);
        var conditions = fields.Mapping("conditions", Conditions);
        var expiresAt = fields.Instant("expires_at");
        if (memberId is null || roleId is null)
        {
            return null;
        }

        bindingId ??= RoleBindingId.Derive(memberType, memberId, roleId, organizationId);
        references.Declare(ReferenceKind.RoleBinding, bindingId, fields.Has("role_binding_id") ? fields.PathOf("role_binding_id") : fields.Path);
        return new RoleBinding
        {
            RealmId = realmId,
            RoleBindingId = bindingId,
            MemberType = memberType,
            MemberId = memberId,
            RoleId = roleId,
            OrganizationId = organizationId,
            Conditions = conditions == new RoleBindingConditions() ? null : conditions,
            ExpiresAt = expiresAt,
        };
    }

    private static (MemberType Type, string? Id) Member(Fields fields)
    {
        var members = Members.Select(member => (member.Type, Id: fields.Reference(member.Key, member.Kind, member.Rule))).ToList();
        return members.FirstOrDefault(member => member.Id is not null);
    }

    private static RoleBindingConditions Conditions(Fields fields)
    {
        var conditions = new RoleBindingConditions
        {
            StartsAt = fields.Instant("starts_at"),
            EndsAt = fields.Instant("ends_at"),
            SourceNetworks = fields.Set("source_networks", Rules.Network),
            MinAcr = fields.Reference("min_acr", ReferenceKind.Acr, Rules.Claim),
        };
        if (conditions.EndsAt <= conditions.StartsAt)
        {
            fields.Error("ends_at", "must be after starts_at");
        }

        return conditions;
    }
}
