using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Pages;

namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>Writes delegations as JSON, its names those of the contract's Delegation.</summary>
internal static class DelegationsJson
{
    public static void WriteMembers(Utf8JsonWriter writer, OwnDelegations own)
    {
        WriteList(writer, "granted", own.Granted);
        WriteList(writer, "received", own.Received);
    }

    public static void WriteMembers(Utf8JsonWriter writer, DelegationRecord delegation)
    {
        writer.WriteString("delegation_id", delegation.DelegationId);
        writer.WriteString("delegator_id", delegation.DelegatorId);
        writer.WriteString(delegation.DelegateType == MemberType.User ? "delegate_user_id" : "delegate_client_id", delegation.DelegateId);
        writer.WriteStartArray("scopes");
        foreach (var scope in delegation.Scopes)
        {
            writer.WriteStringValue(scope);
        }

        writer.WriteEndArray();
        writer.WriteString("organization_id", delegation.OrganizationId ?? "");
        if (delegation.ExpiresAt is { } expiresAt)
        {
            writer.WriteString("expire_time", ChallengeJson.Time(expiresAt));
        }
        else
        {
            writer.WriteNull("expire_time");
        }

        writer.WriteNumber("max_depth", delegation.MaxDepth);
        writer.WriteString("reason", delegation.Reason);
        writer.WriteString("create_time", ChallengeJson.Time(delegation.CreatedAt));
        writer.WriteBoolean("self_granted", delegation.SelfGranted);
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<DelegationRecord> delegations)
    {
        writer.WriteStartArray(name);
        foreach (var delegation in delegations)
        {
            writer.WriteStartObject();
            WriteMembers(writer, delegation);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
