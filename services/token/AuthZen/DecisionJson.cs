using System.Text.Json;
using Google.Protobuf.Reflection;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>A decision as the Authorization API writes it (section 5.5).</summary>
internal static class DecisionJson
{
    private const string Prefix = "DECISION_REASON_";

    private static readonly IReadOnlyDictionary<int, string> Names = Wire.PermissionServiceReflection.Descriptor
        .FindTypeByName<EnumDescriptor>(nameof(Wire.DecisionReason)).Values
        .ToDictionary(value => value.Number, value => value.Name[Prefix.Length..]);

    /// <summary>Writes the members: why somebody may not is for the caller, not for that somebody.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, DecisionReason reason)
    {
        var isAllowed = reason == DecisionReason.Allowed;
        writer.WriteBoolean("decision", isAllowed);
        if (!isAllowed)
        {
            writer.WriteStartObject("context");
            writer.WriteStartObject("reason_admin");
            writer.WriteString("403", NameOf(reason));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    /// <summary>A request of a batch that could not be evaluated (section 7.2.1).</summary>
    public static void WriteErrorMembers(Utf8JsonWriter writer, int status, string message)
    {
        writer.WriteBoolean("decision", false);
        writer.WriteStartObject("context");
        writer.WriteStartObject("error");
        writer.WriteNumber("status", status);
        writer.WriteString("message", message);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The reason as the contract names it: <c>SCOPE_NOT_GRANTED</c>.</summary>
    public static string NameOf(DecisionReason reason) => Names[(int)reason];
}
