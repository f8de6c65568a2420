using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pltfrms.Iam.Common.AuthorizationDetails;

/// <summary>Details are stored as they were sent.</summary>
public sealed class AuthorizationDetailJsonConverter : JsonConverter<AuthorizationDetail>
{
    public override AuthorizationDetail Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        AuthorizationDetail.Read(JsonElement.ParseValue(ref reader)) ?? throw new JsonException("Not an object of authorization details.");

    public override void Write(Utf8JsonWriter writer, AuthorizationDetail value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
}
