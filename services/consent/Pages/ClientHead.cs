using System.Globalization;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Consent.Dialog;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>How pages show a client: logo, name, whether it is verified.</summary>
internal static class ClientHead
{
    public static Html Logo(ClientView client) =>
        // Content-Security-Policy lets images come from data: only; another address would be shown as broken.
        client.Logo.StartsWith("data:image/", StringComparison.Ordinal)
            ? Html.Of($"""<img class="logo" src="{client.Logo}" alt="" width="56" height="56">""")
            : Html.Of($"""<span class="logo initial" aria-hidden="true">{Initial(client)}</span>""");

    public static Html Name(ClientView client) => Html.Of($"<bdi>{client.DisplayName}</bdi>");

    public static Html Badge(PageText text, ClientView client) => client.Verified
        ? Html.Of($"""<span class="badge good">{text.Verified}</span>""")
        : Html.Of($"""<span class="badge warn">{text.NotVerified}</span>""");

    private static string Initial(ClientView client)
    {
        var first = new StringInfo(ShownText.Clean(client.DisplayName).TrimStart());
        return first.LengthInTextElements == 0 ? "" : first.SubstringByTextElements(0, 1).ToUpperInvariant();
    }
}
