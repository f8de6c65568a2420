using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Writes what <see cref="TokenEventDetails"/> reads.</summary>
internal static class TokenEventJson
{
    private static readonly string[] Kinds = Enum.GetNames<TokenEventKind>();

    public static string NameOf(TokenEventKind kind) => Kinds[(int)kind];

    /// <summary>What is empty or not set is left out.</summary>
    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(name, text);
        }
    }

    public static void WriteDetails(Utf8JsonWriter json, TokenEvent happened, in TokenEventFields fields)
    {
        json.WriteStartObject();
        WriteText(json, "grant_type"u8, happened.GrantType);
        if (fields.Token is { } token)
        {
            WriteToken(json, token);
        }
        else
        {
            WriteText(json, "organization_id"u8, happened.OrganizationId);
            WriteTexts(json, "scopes"u8, happened.Scopes);
            WriteParents(json, happened.Token?.TokenId, happened.Token?.ParentIds ?? []);
        }

        WriteText(json, "grant_id"u8, fields.GrantId);
        WriteText(json, "rule"u8, happened.Rule);
        if (happened.Revision != 0)
        {
            json.WriteNumber("revision"u8, happened.Revision);
        }

        WriteText(json, "reason"u8, happened.Reason);
        if (happened.By is { } revoker)
        {
            WriteRevoker(json, revoker);
        }

        WriteText(json, "source_address"u8, (happened.SourceAddress ?? happened.By?.SourceAddress)?.ToString());
        WriteText(json, "correlation_id"u8, happened.CorrelationId ?? happened.By?.CorrelationId);
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, AccessToken token)
    {
        json.WritePropertyName("subject"u8);
        WriteActor(json, token.Subject);
        WriteText(json, "organization_id"u8, token.OrganizationId);
        WriteTexts(json, "scopes"u8, token.Scopes);
        WriteTexts(json, "audiences"u8, token.Audiences);
        WriteParents(json, presentedId: null, token.ParentIds);
        if (token.Actors.Count > 0)
        {
            json.WriteStartArray("actors"u8);
            foreach (var actor in token.Actors)
            {
                WriteActor(json, actor);
            }

            json.WriteEndArray();
        }

        Span<byte> expiresAt = stackalloc byte[InstantText.Length];
        InstantText.Write(token.ExpiresAt, expiresAt);
        json.WriteString("token_expires_at"u8, expiresAt);
    }

    /// <param name="json">Where to.</param>
    /// <param name="presentedId">The token that a refused exchange presented: what would have come of it would have come of that.</param>
    /// <param name="parentIds">Of tokens and keys.</param>
    private static void WriteParents(Utf8JsonWriter json, string? presentedId, IReadOnlyList<string> parentIds)
    {
        if (presentedId is null && !parentIds.Any(TokenEventFields.IsTokenId))
        {
            return;
        }

        json.WriteStartArray("parent_token_ids"u8);
        if (presentedId is not null)
        {
            json.WriteStringValue(presentedId);
        }

        foreach (var parentId in parentIds.Where(TokenEventFields.IsTokenId))
        {
            json.WriteStringValue(parentId);
        }

        json.WriteEndArray();
    }

    private static void WriteRevoker(Utf8JsonWriter json, Revoker revoker)
    {
        json.WriteString("revoker_kind"u8, revoker.Kind);
        json.WriteString("revoker_id"u8, revoker.Id);
        WriteText(json, "revoker_client_id"u8, revoker.ClientId);
        WriteTexts(json, "revoker_act_chain"u8, revoker.ActChain);
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        for (var i = 0; i < texts.Count; i++)
        {
            json.WriteStringValue(texts[i]);
        }

        json.WriteEndArray();
    }

    private static void WriteActor(Utf8JsonWriter json, Principal principal)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, principal.Id);
        json.WriteString("type"u8, principal.Type == MemberType.User ? TokenEventActor.User : TokenEventActor.Client);
        json.WriteEndObject();
    }
}
