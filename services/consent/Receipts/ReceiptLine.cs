using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>One decision in a receipt. It does not name the user: the receipt does, as long as the user exists.</summary>
public sealed record ReceiptLine
{
    private static readonly JsonSerializerOptions Json = new(StoredJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required string ClientId { get; init; }

    /// <summary>Empty: none.</summary>
    public required string OrganizationId { get; init; }

    public required string Scope { get; init; }

    /// <summary>The object of authorization details that was decided about in place of a scope (RFC 9396), as JSON; null: a scope was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuthorizationDetail { get; init; }

    /// <summary>Null: the decision was revoked.</summary>
    public ConsentDecision? Decision { get; init; }

    /// <summary>Until when it holds; null: until it is changed.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>False: it counts for one authorization only.</summary>
    public bool Remembered { get; init; }

    public required string TextLanguage { get; init; }

    public required string TextVersion { get; init; }

    public static ReceiptLine Of(ConsentRecord consent, bool remembered) => new()
    {
        ClientId = consent.ClientId,
        OrganizationId = consent.OrganizationId,
        Scope = consent.Scope,
        Decision = consent.Decision,
        ExpiresAt = consent.ExpiresAt,
        Remembered = remembered,
        TextLanguage = consent.TextLanguage,
        TextVersion = consent.TextVersion,
    };

    public static ReceiptLine Revoked(ConsentRecord consent) => Of(consent, remembered: true) with { Decision = null, ExpiresAt = null };

    public static string Write(IEnumerable<ReceiptLine> lines) => JsonSerializer.Serialize(lines, Json);

    public static IReadOnlyList<ReceiptLine> Read(string json) => JsonSerializer.Deserialize<ReceiptLine[]>(json, Json) ?? [];
}
