using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>delegations</c>.</summary>
internal static class DelegationSection
{
    public static IEnumerable<DelegationRecord> Read(Fields fields, string realmId, References references) =>
        fields.Each("delegations", delegation => Delegation(delegation, realmId, references));

    public static DelegationRecord? Delegation(Fields fields, string realmId, References references)
    {
        Require(fields, "delegator_id");
        if (fields.Has("delegate_client_id") == fields.Has("delegate_user_id"))
        {
            fields.Error("delegate_client_id", "must be set, or delegate_user_id, but not both");
        }

        var delegationId = fields.RequiredText("delegation_id", Rules.Id);
        references.Declare(ReferenceKind.Delegation, delegationId, fields.PathOf("delegation_id"));
        var delegatorId = fields.Reference("delegator_id", ReferenceKind.User, Rules.UserId);
        var clientId = fields.Reference("delegate_client_id", ReferenceKind.Client, Rules.Id);
        var userId = fields.Reference("delegate_user_id", ReferenceKind.User, Rules.UserId);
        if (userId is not null && userId == delegatorId)
        {
            fields.Error("delegate_user_id", "must not be the delegator");
        }

        var scopes = fields.ReferenceSet("scopes", ReferenceKind.Scope, Rules.ScopeName);
        if (scopes.Count == 0)
        {
            fields.Error("scopes", "must name at least one");
        }

        var delegation = new DelegationRecord
        {
            RealmId = realmId,
            DelegationId = delegationId ?? "",
            DelegatorId = delegatorId ?? "",
            DelegateType = userId is null ? MemberType.Client : MemberType.User,
            DelegateId = userId ?? clientId ?? "",
            Scopes = scopes,
            OrganizationId = fields.Reference("organization_id", ReferenceKind.Organization, Rules.Id),
            ExpiresAt = fields.Instant("expires_at"),
            MaxDepth = fields.Number("max_depth", 0, DelegationRecord.LargestDepth) ?? 0,
            Reason = fields.Text("reason", Rules.Title) ?? "",
        };
        return delegation.DelegationId.Length == 0 || delegation.DelegatorId.Length == 0 || delegation.DelegateId.Length == 0 ? null : delegation;
    }

    private static void Require(Fields fields, string key)
    {
        if (!fields.Has(key))
        {
            fields.Error(key, "is required");
        }
    }
}
