using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Consent.Dialog;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>One object of authorization details on the consent page: everything that it says, for what is not shown is not agreed to.</summary>
internal static class DetailChoice
{
    public static Html Of(PageText text, DetailView detail) => Html.Of($"""
        <li class="choice">
        <input type="checkbox" name="detail" value="{detail.DetailId}" id="detail-{detail.DetailId}" aria-describedby="about-detail-{detail.DetailId}" checked>
        <label for="detail-{detail.DetailId}">{Title(detail)}</label>
        <div id="about-detail-{detail.DetailId}">{Description(detail)}
        <dl class="facts">{detail.Members.Select(member => Html.Of($"<dt><code>{member.Name}</code></dt><dd><bdi>{member.Text}</bdi></dd>"))}</dl>
        <p class="muted small">{Html.Sentence(text.For, Html.Of($"<bdi>{detail.ResourceServer}</bdi>"))}</p></div>
        </li>
        """);

    private static Html Title(DetailView detail) => detail.Title.Length > 0
        ? Html.Of($"""<bdi lang="{detail.Language}">{detail.Title}</bdi>""")
        : Html.Of($"<code>{detail.Type}</code>");

    private static Html Description(DetailView detail) => detail.Description.Length > 0
        ? Html.Of($"""<p lang="{detail.Language}"><bdi>{detail.Description}</bdi></p>""")
        : Html.Empty;
}
