using System.Text.Json;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Consent.Receipts;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>
/// <c>GET /realms/{realm}/account/receipts</c>: everything that a user ever decided, as a JSON file, for a browser with a visit and for a bearer of the
/// user's token.
/// </summary>
public sealed class ReceiptsEndpoint(Visits visits, SelfServiceTokens tokens, ConsentActions consents)
{
    public const string Path = "/account/receipts";

    internal const string Name = "/receipts";

    private const int PageSize = 1000;

    public async Task HandleAsync(HttpContext context)
    {
        var realmId = PageRoutes.RealmOf(context);
        var userId = context.Request.Headers.Authorization.Count > 0
            ? await tokens.RequireUserAsync(context.Request, realmId, context.RequestAborted)
            : (await visits.RequireAsync(context, realmId)).UserId;
        var receipts = await AllAsync(realmId, userId, context.RequestAborted);
        context.Response.Headers.ContentDisposition = "attachment; filename=\"consents.json\"";
        await PageResponse.WriteJsonAsync(context, writer => Write(writer, realmId, userId, receipts));
    }

    private async Task<IReadOnlyList<Receipt>> AllAsync(string realmId, string userId, CancellationToken cancellationToken)
    {
        List<Receipt> all = [];
        var next = "";
        do
        {
            var page = await consents.Receipts.RunAsync(realmId, userId, PageSize, next, cancellationToken);
            all.AddRange(page.Receipts);
            next = page.NextPageToken;
        }
        while (next.Length > 0);

        return all;
    }

    private static void Write(Utf8JsonWriter writer, string realmId, string userId, IReadOnlyList<Receipt> receipts)
    {
        writer.WriteString("realm_id", realmId);
        writer.WriteString("user_id", userId);
        writer.WriteStartArray("receipts");
        foreach (var receipt in receipts)
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence", receipt.Sequence);
            writer.WriteString("record_time", ChallengeJson.Time(receipt.RecordedAt));
            writer.WriteString("method", receipt.Method);
            writer.WriteString("actor_id", receipt.ActorId.Length > 0 ? receipt.ActorId : userId);
            writer.WriteStartArray("consents");
            foreach (var line in ReceiptLine.Read(receipt.Consents))
            {
                Write(writer, line);
            }

            writer.WriteEndArray();
            writer.WriteString("hash", receipt.Hash);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ReceiptLine line)
    {
        writer.WriteStartObject();
        writer.WriteString("client_id", line.ClientId);
        writer.WriteString("organization_id", line.OrganizationId);
        writer.WriteString("scope", line.Scope);
        writer.WriteString("decision", line.Decision switch
        {
            ConsentDecision.Granted => "granted",
            ConsentDecision.Denied => "denied",
            _ => "revoked",
        });
        writer.WriteBoolean("remembered", line.Remembered);
        writer.WriteString("text_language", line.TextLanguage);
        writer.WriteString("text_version", line.TextVersion);
        writer.WriteEndObject();
    }
}
