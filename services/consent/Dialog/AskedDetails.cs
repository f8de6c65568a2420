using System.Globalization;
using System.Text.Json;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Consent.Receipts;
using Pltfrms.Iam.Consent.Texts;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>
/// Authorization details in the dialog (RFC 9396). Each is one question, known by its place in the request; the answer counts for this authorization
/// only, for the next payment is another one.
/// </summary>
public static class AskedDetails
{
    public static IReadOnlyList<DetailView> Views(RealmSnapshot realm, Challenge challenge, IEnumerable<string> preferred) =>
        [.. challenge.Request.AuthorizationDetails.Select((detail, place) => View(realm, detail, IdOf(place), [.. preferred]))];

    public static IEnumerable<string> IdsOf(ConsentRequest request) => request.AuthorizationDetails.Select((_, place) => IdOf(place));

    /// <summary>What was granted and may still be: types can go, and clients lose them, while a user reads.</summary>
    public static ValueList<AuthorizationDetail> Granted(RealmSnapshot realm, ConsentRequest request, IReadOnlyList<string> detailIds)
    {
        var client = realm.FindClient(request.ClientId);
        return request.AuthorizationDetails
            .Where((detail, place) => detailIds.Contains(IdOf(place)))
            .Where(detail => client?.AuthorizationDetailsTypes.Contains(detail.Type) == true && DeclaredDetails.TypeOf(realm.Realm, detail.Type) is not null)
            .ToValueList();
    }

    public static IEnumerable<ReceiptLine> Lines(RealmSnapshot realm, Challenge challenge, ChallengeAnswer answer, IEnumerable<string> shown) =>
        Views(realm, challenge, shown).Select(view => new ReceiptLine
        {
            ClientId = challenge.Request.ClientId,
            OrganizationId = challenge.Request.OrganizationId,
            Scope = "",
            AuthorizationDetail = view.Json,
            Decision = answer.GrantedDetailIds.Contains(view.DetailId) ? Consents.ConsentDecision.Granted : Consents.ConsentDecision.Denied,
            TextLanguage = view.Language,
            TextVersion = view.TextVersion,
        });

    private static string IdOf(int place) => place.ToString(CultureInfo.InvariantCulture);

    private static DetailView View(RealmSnapshot realm, AuthorizationDetail detail, string id, IReadOnlyList<string> preferred)
    {
        var type = DeclaredDetails.TypeOf(realm.Realm, detail.Type);
        var text = ScopeTexts.Choose(type?.Texts ?? [], preferred, realm.Realm.ConsentSettings.DefaultLanguage);
        var audience = type?.Audience ?? "";
        return new DetailView
        {
            DetailId = id,
            Type = detail.Type,
            Title = text?.Title ?? "",
            Description = text?.Description ?? "",
            Language = text?.Language ?? "",
            ResourceServer = Dialog.Views.Named(realm.FindResourceServer(audience)?.DisplayName ?? "", audience),
            Members = [.. detail.Json.EnumerateObject().Where(member => member.Name != "type").Select(member => (member.Name, Text(member.Value)))],
            Json = AuthorizationDetailList.Write([detail])[1..^1],
            TextVersion = TextVersion.Of(detail.Type, text),
        };
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(member => $"{member.Name}: {Text(member.Value)}")),
        _ => value.GetRawText(),
    };
}

/// <summary>One object of authorization details as users see it.</summary>
public sealed record DetailView
{
    /// <summary>Its place in the request, from 0.</summary>
    public required string DetailId { get; init; }

    public required string Type { get; init; }

    /// <summary>Empty: the server has no text.</summary>
    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>RFC 5646; empty: the server has no text.</summary>
    public required string Language { get; init; }

    /// <summary>For people.</summary>
    public required string ResourceServer { get; init; }

    /// <summary>What it says, in words; all of it but the type.</summary>
    public required IReadOnlyList<(string Name, string Text)> Members { get; init; }

    /// <summary>The object.</summary>
    public required string Json { get; init; }

    /// <summary>Of the text in this language.</summary>
    public required string TextVersion { get; init; }
}
