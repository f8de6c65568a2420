using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>The claim <c>assertion</c>, which is ours: whose word a token comes of.</summary>
internal static class AssertionSourceJson
{
    /// <summary>Writes the member, or nothing for a token that comes of no assertion.</summary>
    public static void Write(Utf8JsonWriter writer, AssertionSource? source)
    {
        if (source is null)
        {
            return;
        }

        writer.WriteStartObject(ClaimNames.Assertion);
        writer.WriteString("name", source.Name);
        if (source.Issuer is not null)
        {
            writer.WriteString("iss", source.Issuer);
        }

        writer.WriteString("client_id", source.ClientId);
        WriteList(writer, "rules", source.Rules);
        WriteList(writer, "role_ids", source.RoleIds);
        if (source.AssertsRoles)
        {
            writer.WriteBoolean("asserts_roles", true);
        }

        if (source.Token is { } token)
        {
            writer.WriteStartObject("token");
            writer.WriteString("realm_id", token.RealmId);
            writer.WriteString("sub", token.Subject.Id);
            writer.WriteString("sub_type", token.Subject.Type == MemberType.User ? ClaimNames.UserSubject : ClaimNames.ClientSubject);
            writer.WriteString("client_id", token.ClientId);
            if (token.OrganizationId is not null)
            {
                writer.WriteString("organization_id", token.OrganizationId);
            }

            WriteList(writer, "ids", token.Ids);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads from the start of the object to its end.</summary>
    /// <exception cref="FormatException">It is nothing that we write, so that nobody could tell what it limits.</exception>
    public static AssertionSource Read(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var json = document.RootElement;
        return new AssertionSource
        {
            Name = Required(json, "name"),
            Issuer = Optional(json, "iss"),
            ClientId = Required(json, "client_id"),
            Rules = ListOf(json, "rules"),
            RoleIds = ListOf(json, "role_ids"),
            AssertsRoles = json.TryGetProperty("asserts_roles", out var asserts) && asserts.GetBoolean(),
            Token = json.TryGetProperty("token", out var token) ? ReadToken(token) : null,
        };
    }

    private static RealmTokenOrigin ReadToken(JsonElement json) => new()
    {
        RealmId = Required(json, "realm_id"),
        Subject = Required(json, "sub_type") switch
        {
            ClaimNames.UserSubject => Principal.User(Required(json, "sub")),
            ClaimNames.ClientSubject => Principal.Client(Required(json, "sub")),
            _ => throw new FormatException("assertion names nobody"),
        },
        ClientId = Required(json, "client_id"),
        OrganizationId = Optional(json, "organization_id"),
        Ids = ListOf(json, "ids") is { Count: > 0 } ids ? ids : throw new FormatException("assertion names no token"),
    };

    private static string Required(JsonElement json, string name) => Optional(json, name) ?? throw new FormatException($"assertion has no {name}");

    private static string? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IReadOnlyList<string> ListOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(value => value.GetString() ?? throw new FormatException("null in a list"))] : [];

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
