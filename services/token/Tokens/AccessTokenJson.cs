using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>An access token's claims as JSON: the payload of a JWT, and the body of an introspection answer, where the names are the same.</summary>
public static class AccessTokenJson
{
    /// <summary>Writes the members, without the braces around them.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, AccessToken token)
    {
        writer.WriteString(ClaimNames.Issuer, token.Issuer);
        writer.WriteString(ClaimNames.Subject, token.Subject.Id);
        writer.WriteString(ClaimNames.SubjectType, token.Subject.Type == MemberType.User ? ClaimNames.UserSubject : ClaimNames.ClientSubject);
        WriteAudience(writer, token.Audiences);
        writer.WriteNumber(ClaimNames.ExpiresAt, token.ExpiresAt.ToUnixTimeSeconds());
        writer.WriteNumber(ClaimNames.IssuedAt, token.IssuedAt.ToUnixTimeSeconds());
        writer.WriteString(ClaimNames.TokenId, token.TokenId);
        writer.WriteString(ClaimNames.ClientId, token.ClientId);
        writer.WriteString(ClaimNames.Scope, string.Join(' ', token.Scopes));
        writer.WriteString(ClaimNames.RealmId, token.RealmId);
        if (token.OrganizationId is not null)
        {
            writer.WriteString(ClaimNames.OrganizationId, token.OrganizationId);
        }

        if (token.Acr is not null)
        {
            writer.WriteString(ClaimNames.Acr, token.Acr);
        }
    }

    /// <summary>Reads the payload of a token whose signature is verified; null where it lacks what every token of ours has.</summary>
    public static AccessToken? Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            return ReadClaims(payload);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static AccessToken? ReadClaims(ReadOnlySpan<byte> payload)
    {
        string? issuer = null, subject = null, subjectType = null, tokenId = null, clientId = null, realmId = null, organizationId = null, acr = null;
        string scope = "";
        IReadOnlyList<string> audiences = [];
        long expiresAt = 0, issuedAt = 0;
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, ClaimNames.Issuer)) { issuer = reader.GetString(); }
            else if (Is(ref reader, ClaimNames.Subject)) { subject = reader.GetString(); }
            else if (Is(ref reader, ClaimNames.SubjectType)) { subjectType = reader.GetString(); }
            else if (Is(ref reader, ClaimNames.Audience)) { audiences = ReadAudience(ref reader); }
            else if (Is(ref reader, ClaimNames.ExpiresAt)) { expiresAt = reader.GetInt64(); }
            else if (Is(ref reader, ClaimNames.IssuedAt)) { issuedAt = reader.GetInt64(); }
            else if (Is(ref reader, ClaimNames.TokenId)) { tokenId = reader.GetString(); }
            else if (Is(ref reader, ClaimNames.ClientId)) { clientId = reader.GetString(); }
            else if (Is(ref reader, ClaimNames.Scope)) { scope = reader.GetString() ?? ""; }
            else if (Is(ref reader, ClaimNames.RealmId)) { realmId = reader.GetString(); }
            else if (Is(ref reader, ClaimNames.OrganizationId)) { organizationId = reader.GetString(); }
            else if (Is(ref reader, ClaimNames.Acr)) { acr = reader.GetString(); }
            else { reader.Read(); reader.Skip(); }
        }

        var type = subjectType switch
        {
            ClaimNames.UserSubject => MemberType.User,
            ClaimNames.ClientSubject => MemberType.Client,
            _ => (MemberType?)null,
        };
        if (issuer is null || subject is null || type is null || tokenId is null || clientId is null || realmId is null)
        {
            return null;
        }

        return new AccessToken
        {
            TokenId = tokenId,
            RealmId = realmId,
            Issuer = issuer,
            Subject = new Principal(type.Value, subject),
            ClientId = clientId,
            Scopes = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Audiences = audiences,
            OrganizationId = organizationId,
            Acr = acr,
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(issuedAt),
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(expiresAt),
        };
    }

    /// <summary>Moves on to the property's value where it has this name.</summary>
    private static bool Is(ref Utf8JsonReader reader, JsonEncodedText name) =>
        reader.ValueTextEquals(name.EncodedUtf8Bytes) && reader.Read();

    /// <summary>RFC 7519 section 4.1.3: one audience may be a string, several are an array.</summary>
    private static void WriteAudience(Utf8JsonWriter writer, IReadOnlyList<string> audiences)
    {
        if (audiences.Count == 1)
        {
            writer.WriteString(ClaimNames.Audience, audiences[0]);
            return;
        }

        writer.WriteStartArray(ClaimNames.Audience);
        for (var i = 0; i < audiences.Count; i++)
        {
            writer.WriteStringValue(audiences[i]);
        }

        writer.WriteEndArray();
    }

    private static IReadOnlyList<string> ReadAudience(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return [reader.GetString()!];
        }

        var audiences = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            audiences.Add(reader.GetString()!);
        }

        return audiences;
    }
}
